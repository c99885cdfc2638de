import CommandLine
import CommandSupport
import Diagnostics
import ImageManifest
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
  var content = false
  var complete: String?
  var messaging = MessageOptions()
  var store = StoreOptions()

  static var interface: Interface<ResolveCommand> {
    Interface(
      tool: "img-resolve", abstract: "Find images in the local store and describe them as JSON records.",
      operands: Operands(
        "image", "Names or IDs of images, or archives (oci-archive:FILE); - reads names from standard input."),
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
            .flag("content", "Add manifest and config as JSON, to edit them (img-manifest --amend).") {
              $0.content = true
            },
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
    try messages.confine(writing: [])
    try tags.check()
    if quiet && (pretty || keepGoing) {
      throw Failure(.usage, "--quiet", "cannot be used with \(pretty ? "--pretty" : "--keep-going")")
    }
    if let complete {
      try input.refuseNames(besides: "--complete")
      let completions = try store.completions(of: complete, messages)
      try StandardOutput.write(completions.flatMap { Array("\($0)\n".utf8) })
      return nil
    }
    let selection = try input.selection()
    let catalog = try store.catalog(for: selection, messages, quiet: quiet)
    let isForDisplay = StandardOutput.isTerminal
    let output = try lines(
      for: catalog.requests(for: selection.names), catalog, dataLimit: isForDisplay ? displayedData : .max)
    if quiet { return output.failure?.kind }
    try StandardOutput.write(output.bytes)
    if isForDisplay, output.hasRecords {
      messages.note("long members are shortened on a terminal; pipe to see all")
    }
    return output.failure?.kind
  }

  /// The records of all requests; with `--keep-going`, errors in place of some, and the first of them.
  private func lines(
    for requests: [ImageRequest], _ catalog: any ImageCatalog, dataLimit: Int
  ) throws(Failure) -> (bytes: [UInt8], hasRecords: Bool, failure: Failure?) {
    func line(for request: ImageRequest) throws(Failure) -> [UInt8] {
      let records = try catalog.records(for: request)
      if !quiet, let list = records[0].index?.list,
        let note = list.note(title: records[0].title, on: records.compactMap { $0.index?.instance })
      {
        messages.note(note)
      }
      return try records.map { record throws(Failure) in
        var record = tags.applied(to: record, catalog)
        if content { record = try record.addingContent() }
        return pretty ? record.prettyLines(dataLimit: dataLimit) : record.line(dataLimit: dataLimit)
      }.flatMap(\.self)
    }
    guard keepGoing else {
      let lines = try messages.allOrNothing(requests, line(for:))
      return (lines.flatMap(\.self), !lines.isEmpty, nil)
    }
    var bytes: [UInt8] = []
    var hasRecords = false
    var first: Failure?
    for request in requests {
      do {
        bytes += try line(for: request)
        hasRecords = true
      } catch {
        messages.error(error)
        bytes += ErrorRecord(input: catalog.text(of: request), error).line
        first = first ?? error
      }
    }
    return (bytes, hasRecords, first)
  }
}

/// The most characters of base64 that a terminal shows of a manifest or config: the rest is no help to a reader.
private let displayedData = 40
