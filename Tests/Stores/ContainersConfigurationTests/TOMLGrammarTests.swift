import Testing

@testable import ContainersConfiguration

/// Text that would stop the parser, and the process with it, is an error; what only looks like it is not.
@Suite struct TOMLGrammarTests {
  @Test(arguments: [
    "[\u{1}", "[~]", "[[~x]]", "a = 1\n[ {", "\u{FEFF}[=", "[é]", "a = [\n1]\n [.x]", "a='''\n'''\n[#",
    "a = [ }", "a = [1, # [\n }", "a = {b = [}]}", "a = [{]}", "a = [1 }", "a.[b", "a = {b.~ = 1}", "[a.~]",
    "[a.]",
    "a = \n", "a = #", "a = ,", "a = ]", "a = [1,,2]", "a = [,]", "{", "a = {b}", "a = {b = }", "a = {b = 1,}",
    "a = {\nb = 1}", "a = \"b", "a = \"\"\"b\"\"", "a = 'b\n'", "a = 1 b = 2", "\"a\"b = 1",
    "\"\"\"a\"\"\" = 1",
    "a = 1 \r# x", "a = 1 # x\ry", "a = é", "é = 1", "a = _", "a = [[1]", "a", "a =", "[", "[]", "[[a]", "[a",
    "=", ".",
    "a = 2024-01-01 ,", "\u{A0}a = 1", "a = \u{C}1",
  ])
  func brokenTextIsAnError(text: String) {
    let error = #expect(throws: TOMLError.self) { try parseTOML(Array(text.utf8)) }
    #expect(error?.reason.hasPrefix("line ") == true)
  }

  @Test(arguments: [
    "a = \"\"\"\n[~]\n\"\"\"\n", "a = '''\n[~''''\n", "# x\n#[~\n[x]\n", "a = [\n  [ { b = 1 } ],\n]\n",
    "[ \"~\" ]\n",
    "[x] # [~\n", "a = 'x[~'\n", "a = \"\\\"[~\"\n", "a = [{b = [1]}]\n", "", "\n", " \t", "\r\n", "# x",
    "\u{FEFF}a = 1",
    "a = 1", "a.\"b\" . 'c' = {}", "a = {b.c = [ ], d = 'e'}", "a = [1, # one\r\n 2,\n\n]", "[a . b]",
    "[[ a ]]\n[a.b]\n",
    "a = \"\"\"\"\"\"", "a = \"\"\"\"\"x\\\"\"\"\"\"\"", "a = '''''x'''''", "a = \"\"", "'' = ''",
    "a = \"\"\"\\\n  b\"\"\"",
    "1-2_3 = true\t", "a = 1979-05-27 07:32:00.5-07:00 # x", "a = [1979-05-27 , 07:32:00]",
    "a = [+1_0, -0.5e+3, 0x_f]",
    "a = [inf, -nan, 0o7, 0b1]\nb = 1979-05-27T07:32:00Z", "a = \"\\u00e9 é\" # é",
  ])
  func otherTextIsForTheParser(text: String) throws {
    var grammar = TOMLGrammar(Array(text.utf8))
    _ = try grammar.checkedText()
    _ = try? parseTOML(Array(text.utf8))
  }

  @Test(arguments: [
    ("# x\na = 1 # y # z\r\n#", "\na = 1 \r\n"), ("a = \"# x\" # y", "a = \"# x\" "),
    ("a = '# x'#y", "a = '# x'"),
    ("a = \"\"\"\n# x\n\"\"\"\n# y\n", "a = \"\"\"\n# x\n\"\"\"\n\n"), ("[\"#\"] #", "[\"#\"] "),
    ("a = [ # x\n  # y\n 1, # z\n]", "a = [ \n  \n 1, \n]"), ("\u{FEFF}#", "\u{FEFF}"),
    ("a = '''#''' \t#\t\u{e9}\n", "a = '''#''' \t\n"),
  ])
  func theParserGetsNoComments(text: String, wanted: String) throws {
    var grammar = TOMLGrammar(Array(text.utf8))
    #expect(try grammar.checkedText() == Array(wanted.utf8))
  }

  @Test(arguments: ["# \u{1}", "a = 1 # \u{7f}", "# \u{c}\n", "a = [ # \u{1b}[0m\n]"])
  func controlCharactersInCommentsAreErrors(text: String) {
    #expect(throws: TOMLError.self) { try parseTOML(Array(text.utf8)) }
  }

  @Test(arguments: [
    "a = '''\n\n'''\n# x\n[*]", "a = \"\"\"\\\n\"\"\"\n\r\n\n~", "a = [\n1, # x\n2\n\n~", "\n\n\n\na = '''\n\n",
  ])
  func theLineIsNamed(text: String) {
    let error = #expect(throws: TOMLError.self) { try parseTOML(Array(text.utf8)) }
    #expect(error?.reason.hasPrefix("line 5: ") == true)
  }

  /// As deep as the limit and one deeper; the parser would need a stack as deep as the text.
  @Test(arguments: [
    ("[", ".", "]", 64), ("[[", ".", "]]", 63), ("", ".", " = 1", 64), ("[b]\n", ".", " = 1", 63),
    ("b = {", ".", " = 1}", 63), ("b = [{", ".", " = 1}]", 62),
  ])
  func depthIsLimited(before: String, separator: String, after: String, limit: Int) throws {
    for (count, isGood) in [(limit, true), (limit + 1, false), (100_000, false)] {
      let text = before + Array(repeating: "a", count: count).joined(separator: separator) + after
      #expect(((try? parseTOML(Array(text.utf8))) != nil) == isGood, "\(count)")
    }
  }

  @Test(arguments: [("[", "]"), ("{a = ", "}"), ("[{a = ", "}]")])
  func nestingIsLimited(opening: String, closing: String) {
    for (count, isGood) in [(30, true), (65, false), (100_000, false)] {
      let text =
        "b = " + String(repeating: opening, count: count) + "1" + String(repeating: closing, count: count)
      #expect(((try? parseTOML(Array(text.utf8))) != nil) == isGood, "\(count)")
    }
  }
}
