import Glibc
import Testing

@testable import TOML

/// Refuses text that is not TOML, and accepts text that only looks like that.
@Suite struct GrammarTests {
  @Test(arguments: [
    "[\u{1}", "[~]", "[[~x]]", "a = 1\n[ {", "\u{FEFF}[=", "[é]", "a = [\n1]\n [.x]", "a='''\n'''\n[#",
    "a = [ }", "a = [1, # [\n }", "a = {b = [}]}", "a = [{]}", "a = [1 }", "a.[b", "a = {b.~ = 1}", "[a.~]",
    "[a.]",
    "a = \n", "a = #", "a = ,", "a = ]", "a = [1,,2]", "a = [,]", "{", "a = {b}", "a = {b = }", "a = {b = 1,}",
    "a = {\nb = 1}", "a = \"b", "a = \"\"\"b\"\"", "a = 'b\n'", "a = 1 b = 2", "\"a\"b = 1",
    "\"\"\"a\"\"\" = 1",
    "a = 1 \r# x", "a = 1 # x\ry", "a = é", "é = 1", "a = _", "a = [[1]", "a", "a =", "[", "[]", "[[a]", "[a",
    "=", ".",
    "a = 2024-01-01 ,", "\u{A0}a = 1", "a = \u{C}1", "a = 0x_f", "a = \"\\", "a = \"\\\n", "a = \"\"\"\\", "'",
    "\"\\", "a = \"\\u12", "a = '''''", "[[a] ]", "[ [a]]", "a = \"\"\"\\ b\"\"\"",
  ])
  func brokenTextIsAnError(text: String) {
    let error = #expect(throws: TOMLError.self) { try parse(text) }
    #expect(error?.description.hasPrefix("line ") == true)
  }

  @Test(
    arguments: [
      ("a = \"\"\"\n[~]\n\"\"\"\n", ["a": "[~]\n"]), ("a = '''\n[~''''\n", ["a": "[~'"]),
      ("a = 'x[~'\n", ["a": "x[~"]), ("a = \"\\\"[~\"\n", ["a": "\"[~"]), ("", [:]), ("\n", [:]), (" \t", [:]),
      ("\r\n", [:]), ("# x", [:]), ("\u{FEFF}a = 'b'", ["a": "b"]), ("'' = ''", ["": ""]),
      ("a = \"\"\"\"\"\"", ["a": ""]), ("a = \"\"\"\"\"x\\\"\"\"\"\"\"", ["a": "\"\"x\"\"\""]),
      ("a = '''''x'''''", ["a": "''x''"]), ("a = \"\"", ["a": ""]), ("a = \"\"\"\\\n  b\"\"\"", ["a": "b"]),
      ("a = \"\"\"b\\ \r\n\t\n c\"\"\"", ["a": "bc"]), ("a = '''\r\nb\r\n'''", ["a": "b\r\n"]),
      ("a = \"\\u00e9 é\" # é", ["a": "\u{e9} é"]), ("\"\\u0000\" = \"\\U0001F600\"", ["\0": "\u{1F600}"]),
    ] as [(String, [String: String])])
  func stringsAreRead(text: String, wanted: [String: String]) throws {
    let members = try parse(text).members
    #expect(members.count == wanted.count)
    for member in members { #expect(member.value == wanted[member.key].map { .string($0) }) }
  }

  @Test(arguments: [
    ("# x\n#[~\n[x]\n", "{x={}}"), ("a = [\n  [ { b = 1 } ],\n]\n", "{a=[[{b=1}]]}"),
    ("[ \"~\" ]\n", "{~={}}"), ("[x] # [~\n", "{x={}}"), ("a = [{b = [1]}]\n", "{a=[{b=[1]}]}"),
    ("a.\"b\" . 'c' = {}", "{a={b={c={}}}}"), ("a = {b.c = [ ], d = 'e'}", "{a={b={c=[]} d=e}}"),
    ("a = [1, # one\r\n 2,\n\n]", "{a=[1 2]}"), ("[a . b]", "{a={b={}}}"),
    ("[[ a ]]\n[a.b]\n", "{a=[{b={}}]}"), ("1-2_3 = true\t", "{1-2_3=true}"),
    ("a = 1979-05-27 07:32:00.5-07:00 # x", "{a=1979-05-27 07:32:00.5-07:00}"),
    ("a = [1979-05-27 , 07:32:00]", "{a=[1979-05-27 07:32:00]}"), ("a = [+1_0, -0.5e+3]", "{a=[10 -500.0]}"),
    ("a = [inf, -inf, nan, 0o7, 0b1, 0xfF]", "{a=[inf -inf nan 7 1 255]}"),
    ("b = 1\na = 2\n[c]\nd = 3\n[[e]]\n[[e]]\nf = 4", "{b=1 a=2 c={d=3} e=[{} {f=4}]}"),
  ])
  func valuesAreRead(text: String, wanted: String) throws {
    #expect(shown(.table(try parse(text))) == wanted)
  }

  @Test(arguments: [
    ("# x\na = 1 # y # z\r\n#", "\na = 1 \r\n"), ("a = \"# x\" # y", "a = \"# x\" "),
    ("a = '# x'#y", "a = '# x'"),
    ("a = \"\"\"\n# x\n\"\"\"\n# y\n", "a = \"\"\"\n# x\n\"\"\"\n\n"), ("[\"#\"] #", "[\"#\"] "),
    ("a = [ # x\n  # y\n 1, # z\n]", "a = [ \n  \n 1, \n]"), ("\u{FEFF}#", "\u{FEFF}"),
    ("a = '''#''' \t#\t\u{e9}\n", "a = '''#''' \t\n"),
  ])
  func commentsMeanNothing(text: String, without: String) throws {
    #expect(try parse(text) == parse(without))
  }

  @Test(arguments: ["# \u{1}", "a = 1 # \u{7f}", "# \u{c}\n", "a = [ # \u{1b}[0m\n]"])
  func controlCharactersInCommentsAreErrors(text: String) {
    #expect(throws: TOMLError.self) { try parse(text) }
  }

  /// Nested up to the limit and one deeper; without a limit, a reader would need a stack as deep as the text.
  @Test(arguments: [
    ("[", ".", "]", 64), ("[[", ".", "]]", 63), ("", ".", " = 1", 64), ("[b]\n", ".", " = 1", 63),
    ("b = {", ".", " = 1}", 63), ("b = [{", ".", " = 1}]", 62),
  ])
  func depthIsLimited(before: String, separator: String, after: String, limit: Int) throws {
    for (count, isGood) in [(limit, true), (limit + 1, false), (100_000, false)] {
      let text = before + Array(repeating: "a", count: count).joined(separator: separator) + after
      #expect(((try? parse(text)) != nil) == isGood, "\(count)")
    }
  }

  @Test(arguments: [("[", "]", 63), ("{a = ", "}", 63), ("[{a = ", "}]", 31)])
  func nestingIsLimited(opening: String, closing: String, limit: Int) {
    for (count, isGood) in [(limit, true), (limit + 1, false), (100_000, false)] {
      let text =
        "b = " + String(repeating: opening, count: count) + "1" + String(repeating: closing, count: count)
      #expect(((try? parse(text)) != nil) == isGood, "\(count)")
    }
  }

  /// Half a megabyte each: they would take minutes if the time grew with the square of the length.
  ///
  /// Measures the time of this thread, because other tests run as well.
  @Test(
    arguments: [
      ("", "a%=1\n", ""), ("", "[a%]\n", ""), ("", "[[a]]\n", ""), ("a=[", "1,", "]"), ("a=\"", "\\n", "\""),
      ("a={b=1", ",a%=1", "}"), ("a='''", "''\n", "'''"), ("", "\n", "a=1\na=1"), ("a=", "1", ""),
    ])
  func timeGrowsWithTheLength(start: String, part: String, end: String) {
    let pieces = part.split(separator: "%", omittingEmptySubsequences: false).map { Array($0.utf8) }
    var text = Array(start.utf8)
    var number = 0
    while text.count < 1 << 19 {
      text += pieces.count > 1 ? pieces[0] + Array("\(number)".utf8) + pieces[1] : pieces[0]
      number += 1
    }
    text += Array(end.utf8)
    let before = secondsOfThisThread()
    _ = try? TOMLTable(parsing: text)
    #expect(secondsOfThisThread() - before < 20)
  }
}

private func secondsOfThisThread() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func parse(_ text: String) throws(TOMLError) -> TOMLTable {
  try TOMLTable(parsing: Array(text.utf8))
}

/// A value in short: `{key=value …}`, `[value …]`, strings without quotes.
private func shown(_ value: TOMLValue) -> String {
  switch value {
  case .string(let text): text
  case .integer(let number): "\(number)"
  case .float(let number): "\(number)"
  case .boolean(let truth): "\(truth)"
  case .dateTime(let dateTime): dateTime.text
  case .array(let elements): "[\(elements.map(shown).joined(separator: " "))]"
  case .table(let table):
    "{\(table.members.map { "\($0.key)=\(shown($0.value))" }.joined(separator: " "))}"
  }
}
