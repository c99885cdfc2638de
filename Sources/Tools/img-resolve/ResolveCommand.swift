import CommandLine
import CommandSupport
import Diagnostics
import ImageRecord
import ImageSource
import ResolveCommands

/// Converts names to records.
struct ResolveCommand: Tool {
  var input = NameOptions()
  var tags = TagOptions()
  var keepGoing = false
  var quiet = false
  var pretty = false
  var complete: String?
  var messaging = MessageOptions()
  var store = StoreOptions()

  static var interface: Interface<ResolveCommand> {
    Interface(
      tool: "img-resolve", abstract: "Find images in the local store and describe them as JSON records.",
      operands: Operands("image", "Names or IDs of images; - reads names from standard input."),
      sections: [
        OptionSection(
          "IMAGES",
          NameOptions.options(at: \.input) + [
            .flag("keep-going", letter: "k", "Continue after failures; write an error object for each.") {
              $0.keepGoing = true
            }
          ]),
        OptionSection(
          "RECORDS",
          TagOptions.options(at: \.tags) + [
            .flag("pretty", "Indent the records.") { $0.pretty = true },
            .flag("quiet", letter: "q", "Print nothing; exit with 0 if all images are known.") {
              $0.quiet = true
            },
          ]),
        OptionSection("STORE", StoreOptions.options(at: \.store)),
      ],
      options: [
        .text("complete", value: "PREFIX", "Print names and IDs starting with PREFIX, for shells.") {
          $0.complete = $1
        }
      ] + MessageOptions.options(at: \.messaging),
      example: "img-resolve acme/app:2 | jq .labels")
  }

  mutating func take(operands: [String]) { input.images = operands }

  private var messages: Messages { messaging.messages(of: "img-resolve") }

  func run() throws(Failure) -> Failure.Kind? {
    try tags.check()
    if quiet && (pretty || keepGoing) {
      throw Failure(.usage, "--quiet", "cannot be used with \(pretty ? "--pretty" : "--keep-going")")
    }
    if let complete {
      try input.refuseNames(besides: "--complete")
      let completions = try store.catalog(messages, quiet: true).completions(of: complete)
      try StandardOutput.write(completions.flatMap { Array("\($0)\n".utf8) })
      return nil
    }
    let names = try input.names()
    let catalog = try store.catalog(messages, quiet: quiet, all: names == nil)
    let (lines, failure) = try lines(for: catalog.requests(for: names), catalog)
    if !quiet { try StandardOutput.write(lines) }
    return failure?.kind
  }

  /// The records of all requests; with `--keep-going`, errors in place of some, and the first of them.
  private func lines(
    for requests: [ImageRequest], _ catalog: any ImageCatalog
  ) throws(Failure) -> (bytes: [UInt8], failure: Failure?) {
    func line(for request: ImageRequest) throws(Failure) -> [UInt8] {
      let record = try tags.applied(to: catalog.record(for: request), catalog)
      return pretty ? record.prettyLines : record.line
    }
    guard keepGoing else { return (try messages.allOrNothing(requests, line(for:)).flatMap(\.self), nil) }
    var bytes: [UInt8] = []
    var first: Failure?
    for request in requests {
      do {
        bytes += try line(for: request)
      } catch {
        messages.error(error)
        bytes += ErrorRecord(input: catalog.text(of: request), error).line
        first = first ?? error
      }
    }
    return (bytes, first)
  }
}
