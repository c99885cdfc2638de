import Testing

@testable import CommandLine

struct HelpTextTests {
  @Test func everyOptionIsListedWithItsValues() {
    #expect(
      Choices.interface.help == """
        OVERVIEW: Do something.

        USAGE: tool [<options>] [<file> ...]

        ARGUMENTS:
          <file>                  What to read.

        INNER:
          -t, --tag <NAME>        A name; repeatable.
          -q, --quiet             Say nothing.

        GENERAL:
          -f, --force             Overwrite.
          -o, --output <PATH>     Where to.
          --jobs <N>              How many.
          --colour <COLOUR>       Which one. (values: red, green; default: red)
          -V, --version           Print the version.
          -h, --help              Print this help.

        EXAMPLE:
          $ tool -o new old

        See man tool.

        """)
  }

  @Test func longTextsAreWrappedBelowLongLabels() {
    let text = Array(repeating: "word", count: 25).joined(separator: " ")
    let interface = Interface<Choices>(
      tool: "tool", abstract: "Do something.",
      options: [.text("a-very-long-option", value: "VALUE", text) { _, _ in }])
    let lines = interface.help.split(separator: "\n")
    let index = lines.firstIndex { $0.contains("--a-very-long-option") } ?? 0
    #expect(lines[index] == "  --a-very-long-option <VALUE>")
    #expect(lines[index + 1] == "\(String(repeating: " ", count: 26))\(text.prefix(10 * 5 + 4 - 5))")
    #expect(lines.allSatisfy { $0.count < 80 })
    #expect(interface.help.split(separator: " ").count { $0.hasPrefix("word") } == 25)
    #expect(lines[1] == "USAGE: tool [<options>]")
  }

  /// The texts start in column 26 and end before column 80.
  @Test func labelsAndTextsMayFillTheirColumns() {
    func help(_ name: String, _ text: String) -> [Substring] {
      let interface = Interface<Choices>(
        tool: "tool", abstract: "Do something.", options: [.flag(name, text) { _ in }])
      return interface.help.split(separator: "\n").drop { !$0.hasPrefix("  --\(name)") }
        .prefix { !$0.contains("--version") }
    }
    let margin = String(repeating: " ", count: 26)
    #expect(help("an-option-of-21-chars", "word") == ["  --an-option-of-21-chars word"])
    #expect(help("the-option-of-22-chars", "word") == ["  --the-option-of-22-chars", "\(margin)word"])
    let words = Array(repeating: "word", count: 10).joined(separator: " ")
    let start = "  --kind" + String(repeating: " ", count: 18)
    #expect(help("kind", "\(words) abc") == ["\(start)\(words) abc"])
    #expect("\(start)\(words) abc".count == 79)
    #expect(help("kind", "\(words) abcd") == ["\(start)\(words)", "\(margin)abcd"])
    let long = String(repeating: "x", count: 60)
    #expect(help("kind", "a \(long) b") == ["\(start)a", "\(margin)\(long)", "\(margin)b"])
    #expect(help("kind", long) == ["\(start)\(long)"])
  }
}
