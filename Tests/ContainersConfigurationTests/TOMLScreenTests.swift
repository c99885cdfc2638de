import Testing

@testable import ContainersConfiguration

/// Headers that would stop the parser, and the process with it, are errors; what only looks like one is not.
@Suite struct TOMLScreenTests {
  @Test(arguments: [
    "[\u{1}", "[~]", "[[~x]]", "a = 1\n[ {", "\u{FEFF}[=", "[é]", "a = [\n1]\n [.x]", "a='''\n'''\n[#",
    "a = [ }", "a = [1, # [\n }",
  ])
  func aBrokenHeaderIsAnError(text: String) {
    let error = #expect(throws: TOMLError.self) { try parseTOML(Array(text.utf8)) }
    #expect(error?.reason.hasPrefix("line ") == true)
  }

  @Test(arguments: [
    "a = \"\"\"\n[~]\n\"\"\"\n", "a = '''\n[~''''\n", "a = [\n[~1],\n", "# x\n#[~\n[x]\n",
    "a = [\n  [ { b = 1 } ],\n]\n",
    "[ \"~\" ]\n", "[x] # [~\n", "a = 'x[~'\n", "a = \"\\\"[~\"\n", "[", "[]", "a = [{b = [1]}]\n",
  ])
  func otherTextIsForTheParser(text: String) {
    var screen = TOMLScreen(Array(text.utf8))
    #expect(screen.lineOfFatalError() == nil)
    _ = try? parseTOML(Array(text.utf8))
  }

  @Test func theLineIsNamed() {
    let error = #expect(throws: TOMLError.self) { try parseTOML(Array("a = '''\n\n'''\n# x\n[*]".utf8)) }
    #expect(error?.reason == "line 5: malformed table header or array")
  }
}
