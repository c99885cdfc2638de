import Diagnostics
import Glibc
import POSIX

@testable import CommandLine

/// The choices of a tool with one option of each kind.
struct Choices: Equatable {
  enum Colour: String, CaseIterable {
    case red
    case green
  }

  var force = false
  var inner = Inner()
  var output: Path?
  var jobs: Int?
  var colour = Colour.red

  struct Inner: Equatable, OptionGroup {
    var tags: [String] = []
    var quiet = false

    static var options: [Option<Inner>] {
      [
        .text("tag", letter: "t", value: "NAME", "A name; repeatable.", repeats: true) { $0.tags.append($1) },
        .flag("quiet", letter: "q", "Say nothing.") { $0.quiet = true },
      ]
    }
  }

  static var interface: Interface<Choices> { interface(operands: Operands("file", "What to read.")) }

  static func interface(operands: Operands?) -> Interface<Choices> {
    Interface(
      tool: "tool", abstract: "Do something.", operands: operands,
      sections: [OptionSection("INNER", Inner.options(at: \.inner))],
      options: [
        .flag("force", letter: "f", "Overwrite.") { $0.force = true },
        .path("output", letter: "o", value: "PATH", "Where to.") { $0.output = $1 },
        .number("jobs", value: "N", in: 1...64, "How many.") { $0.jobs = $1 },
        .choice("colour", value: "COLOUR", "Which one.", default: Colour.red) { $0.colour = $1 },
      ], example: "tool -o new old")
  }
}

/// Reads a command line; adds the name of the tool.
func read(
  _ words: [[UInt8]], _ interface: Interface<Choices> = Choices.interface
) throws(Failure) -> (Choices, Request) {
  var pointers = ([Array("tool".utf8)] + words).map { strdup($0.map(CChar.init(bitPattern:)) + [0]) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  var choices = Choices()
  let request = try interface.read(CInt(words.count + 1), &pointers, into: &choices)
  return (choices, request)
}

func read(
  _ words: String..., in interface: Interface<Choices> = Choices.interface
) throws(Failure) -> (Choices, Request) {
  try read(words.map { Array($0.utf8) }, interface)
}
