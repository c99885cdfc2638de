import Diagnostics
import POSIX
import Testing

@testable import CommandLine

struct OptionReaderTests {
  @Test func anEmptyCommandLineChangesNothing() throws {
    let (choices, request) = try read()
    #expect(choices == Choices())
    #expect(request == .run(operands: []))
  }

  @Test(arguments: [
    ["--output=a", "--tag=x", "--jobs=3", "--colour=green", "--force"],
    ["--output", "a", "--tag", "x", "--jobs", "3", "--colour", "green", "--force"],
    ["-oa", "-tx", "--jobs", "3", "--colour", "green", "-f"],
    ["-fo", "a", "-t", "x", "--jobs", "3", "--colour", "green"],
    ["-ffoa", "-f", "-tx", "--jobs=3", "--colour=green", "--force"],
  ])
  func theSameChoicesInEveryWayOfWritingThem(_ words: [String]) throws {
    let (choices, request) = try read(words.map { Array($0.utf8) })
    var wanted = Choices()
    wanted.force = true
    wanted.output = "a"
    wanted.inner.tags = ["x"]
    wanted.jobs = 3
    wanted.colour = .green
    #expect(choices == wanted)
    #expect(request == .run(operands: []))
  }

  @Test func operandsAreFoundAnywhereAndKeepTheirOrder() throws {
    let (choices, request) = try read("one", "-t", "a", "-", "-qt", "b", "--", "--force", "-f")
    #expect(choices.inner == Choices.Inner(tags: ["a", "b"], quiet: true))
    #expect(!choices.force)
    #expect(request == .run(operands: ["one", "-", "--force", "-f"]))
  }

  @Test func valuesMayLookLikeOptionsOrBeEmpty() throws {
    let (choices, _) = try read("-o", "--force", "-t", "", "--tag=", "--tag", "a=b")
    #expect(choices.output == "--force")
    #expect(choices.inner.tags == ["", "", "a=b"])
    #expect(!choices.force)
  }

  @Test func pathsAreBytesAndTextsAreUTF8() throws {
    let odd: [UInt8] = [0x61, 0xFF]
    #expect(try read([Array("-o".utf8), odd]).0.output == Path(odd))
    #expect(message([Array("--tag".utf8), odd]).hasSuffix("--tag: 'a\u{fffd}' is not UTF-8"))
  }

  @Test(arguments: [("--help", Request.help), ("-h", .help), ("--version", .version), ("-V", .version)])
  func helpAndVersionAreAskedFor(_ option: String, _ wanted: Request) throws {
    #expect(try read("-f", "x", option, "--no-such-option").1 == wanted)
  }

  @Test(arguments: [
    (["--nothing"], "Unknown option '--nothing'"),
    (["--nothing=3"], "Unknown option '--nothing'"),
    (["--forse"], "Unknown option '--forse'. Did you mean '--force'?"),
    (["-x"], "Unknown option '-x'"),
    (["-fx"], "Unknown option '-x'"),
    // Letters that getopt(3) itself uses.
    (["-?"], "Unknown option '-?'"),
    (["-:"], "Unknown option '-:'"),
    (["-\u{e4}"], "Unknown option '-\u{fffd}'"),
    // Abbreviations, of one option and of several.
    (["--colou", "red"], "Unknown option '--colou'. Did you mean '--colour'?"),
    (["--forc=1"], "Unknown option '--forc'. Did you mean '--force'?"),
    (["--tag", "x", "--outpu"], "Unknown option '--outpu'. Did you mean '--output'?"),
    (["--"], nil),
    (["--force=yes"], "--force: takes no value, got 'yes'"),
    (["--help="], "--help: takes no value, got ''"),
    (["--output"], "--output: needs a PATH"),
    (["-fo"], "-o: needs a PATH"),
    (["--jobs"], "--jobs: needs a number from 1 to 64"),
    (["--jobs", "many"], "--jobs: 'many' is not a number from 1 to 64"),
    (["--jobs="], "--jobs: '' is not a number from 1 to 64"),
    (["--jobs=0"], "--jobs: '0' is not a number from 1 to 64"),
    (["--jobs=65"], "--jobs: '65' is not a number from 1 to 64"),
    (["--jobs=99999999999999999999"], "--jobs: '99999999999999999999' is not a number from 1 to 64"),
    (["--jobs=1", "--jobs=1"], "--jobs: may be given only once"),
    (["-oa", "-fo", "b"], "-o: may be given only once"),
    (["-oa", "--output=b"], "--output: may be given only once"),
    (["--colour=red", "--colour", "green"], "--colour: may be given only once"),
    (["--colour"], "--colour: needs one of red, green"),
    (["--colour", "gren"], "--colour: 'gren' is not one of red, green. Did you mean 'green'?"),
    (["--colour=blue"], "--colour: 'blue' is not one of red, green"),
  ])
  func whatIsWrongIsNamed(_ words: [String], _ wanted: String?) {
    #expect(message(words.map { Array($0.utf8) }) == wanted ?? "")
  }

  @Test func shortOptionsTakeTheRestOfTheirWordOrTheNextWord() throws {
    #expect(try read("-o=a").0.output == "=a")
    #expect(try read("-o-f").0 == read("-o", "-f").0)
    #expect(try read("-qto", "x", "-f").0.inner == Choices.Inner(tags: ["o"], quiet: true))
    #expect(try read("-o", "--", "x").1 == .run(operands: ["x"]))
  }

  @Test func aValueIsGivenOnceUnlessItsOptionRepeats() throws {
    let options: [Option<Choices>] = [
      .text("once", value: "ID", "Once.") { _, _ in },
      .text("often", value: "NAME", "Often.", repeats: true) { _, _ in },
      .path("place", value: "PATH", "Once.") { _, _ in },
      .path("places", value: "PATH", "Often.", repeats: true) { _, _ in },
    ]
    let interface = Interface<Choices>(tool: "tool", abstract: "Do something.", options: options)
    _ = try read("--often=a", "--often=a", "--places=b", "--places=b", "--once=a", "--place=b", in: interface)
    for name in ["--once", "--place"] {
      #expect(throws: Failure(.usage, name, "may be given only once")) {
        try read("\(name)=a", "\(name)=a", in: interface)
      }
    }
    #expect(throws: Failure(.usage, "--once", "needs an ID")) { try read("--once", in: interface) }
    #expect(throws: Failure(.usage, "--often", "needs a NAME")) { try read("--often", in: interface) }
  }

  @Test func operandsAreRefusedWhereThereAreNone() {
    let interface = Choices.interface(operands: nil)
    #expect(throws: Failure(.usage, "", "Unexpected argument 'x'")) { try read("-f", "x", in: interface) }
  }

  /// The message of the failure to read a command line; empty if there is none.
  private func message(_ words: [[UInt8]]) -> String {
    do {
      _ = try read(words)
      return ""
    } catch {
      return error.kind == .usage ? "\(error)" : "not a usage error: \(error)"
    }
  }
}
