import ArgumentParser
import CommandSupport
import Diagnostics
import ImageRecord
import ImageResolution

/// Turns names into records.
struct ResolveCommand: ParsableCommand {
  static let configuration = CommandSupport.configuration(
    of: "img-resolve", abstract: "Find images in the local store and describe them as JSON records.",
    compresses: false)

  @OptionGroup var input: NameOptions
  @OptionGroup var tags: TagOptions

  @Flag(name: .shortAndLong, help: "Put an error object in place of each image that fails, and go on.")
  var keepGoing = false

  @Flag(name: .shortAndLong, help: "Print nothing; the exit status says whether all images are known.")
  var quiet = false

  @Flag(help: "Indent the records.")
  var pretty = false

  @Option(
    help: ArgumentHelp(
      "Print the names and IDs that begin so, for shells, and nothing else.", valueName: "PREFIX"))
  var complete: String?

  @OptionGroup var messaging: MessageOptions
  @OptionGroup(title: "Store") var store: StoreOptions

  private var messages: Messages { messaging.messages(of: "img-resolve") }

  func run() throws {
    if quiet && (pretty || keepGoing) {
      throw Failure(.usage, "--quiet", "leaves nothing for \(pretty ? "--pretty" : "--keep-going") to do")
    }
    if let complete {
      try input.refuseNames(besides: "--complete")
      let completions = try store.resolver(messages).completions(of: complete)
      return try StandardOutput.write(completions.flatMap { Array("\($0)\n".utf8) })
    }
    let names = try input.names()
    let resolver = try store.resolver(messages)
    let (lines, failure) = try lines(for: resolver.requests(for: names), resolver)
    if !quiet { try StandardOutput.write(lines) }
    if let failure { throw ExitCode(failure.kind.rawValue) }
  }

  /// The records of all requests, or, with `--keep-going`, errors in the place of some, and the first of these.
  private func lines(
    for requests: [ImageRequest], _ resolver: Resolver
  ) throws(Failure) -> (bytes: [UInt8], failure: Failure?) {
    var bytes: [UInt8] = []
    var first: Failure?
    for request in requests {
      do {
        let record = try tags.applied(to: resolver.record(for: request), resolver)
        bytes += pretty ? record.prettyLines : record.line
      } catch {
        guard keepGoing else { throw error }
        messages.error(error)
        bytes += ErrorRecord(input: resolver.text(of: request), error).line
        first = first ?? error
      }
    }
    return (bytes, first)
  }
}
