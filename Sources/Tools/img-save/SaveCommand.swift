import CommandLine
import CommandSupport
import Diagnostics
import HaveCommands
import ISALCompression
import ImageFormats
import ImageModel
import ImageRecord
import ImageSource
import ResolveCommands
import SaveCommands
import Saving

/// Converts names to an archive: the other three tools in one process.
struct SaveCommand: Tool {
  var output = OutputOptions()
  var tag: [String] = []
  var reports = ReportOptions()
  var messaging = MessageOptions()
  var store = StoreOptions()
  var input = NameOptions()
  var tags = TagOptions()
  var verification = VerifyOptions()
  var have = HaveOptions()
  /// The names of the given options that a check may not use.
  var given: [String] = []

  static var interface: Interface<SaveCommand> {
    Interface(
      tool: "img-save", abstract: "Save images of the local store to an archive or a directory.",
      operands: Operands(
        "image",
        "Names or IDs of images, or archives (oci-archive:FILE); - reads names; default: records on standard input."
      ),
      sections: [
        OptionSection(
          "OUTPUT", OutputOptions.options(at: \.output) + HaveOptions.options(at: \.have)
        ).noting(in: \.given),
        OptionSection(
          "IMAGES",
          NameOptions.options(at: \.input) + TagOptions.options(at: \.tags) + [
            .text(
              "tag", letter: "t", value: "NAME", "Additional name for the image; repeatable.", repeats: true
            ) {
              $0.tag.append($1)
            }
          ]),
        OptionSection("COMPRESSION", CompressionOptions.options(at: \.output.compression)).noting(in: \.given),
        OptionSection("VERIFICATION", VerifyOptions.options(at: \.verification)),
        OptionSection("REPORTS", ReportOptions.options(at: \.reports)).noting(in: \.given),
        OptionSection("STORE", StoreOptions.options(at: \.store)),
      ],
      options: MessageOptions.options(at: \.messaging),
      example: "img-save -o app.tar acme/app:2")
  }

  static var versionDetails: String? { CompressionOptions.engines }

  mutating func take(operands: [String]) { input.images = operands }

  func run() throws(Failure) -> Failure.Kind? {
    selectFastInflation()
    if verification.isOn { return try verify() }
    try verification.check(given: given, paths: [], output, reports, messaging)
    try reports.check(output, messaging)
    try tags.check()
    try have.check(readsInput: !input.selectsImages || input.readsStandardInput)
    try output.confine(messaging.messages(of: "img-save"), reports)
    let (job, records) = try job(messaging.messages(of: "img-save"))
    let additional = try additionalTags(for: job.format)
    let messages = messaging.messages(of: "img-save")
    let converted = try records.map { record throws(Failure) in
      let converted = try record.converted(to: job.format.family(for: record.manifest.mediaType))
      messages.detail(record.description(ofConversion: converted, to: job.format.name))
      return converted
    }
    try save(converted, additionalTags: additional, job, reports, messages, quiet: output.isQuiet)
    return nil
  }

  /// The save, and the selected images with the layers marked that the receiver has.
  private func job(_ messages: Messages) throws(Failure) -> (SaveJob, [ImageRecord]) {
    var output = output
    output.leavesOut = have.isGiven
    if let option = try store.listOption(), !output.format.holdsLists {
      throw Failure(
        .usage, option, "\(output.format.name) holds one platform; use --format hybrid or oci-archive")
    }
    // Names need no reading to find out the format.
    if have.isGiven || input.selectsImages { _ = try additionalTags(for: output.job().format) }
    return try output.job { () throws(Failure) in
      let layers = have.isGiven ? try have.layers(messages, quiet: output.isQuiet) : nil
      let records = try requestedRecords(messages)
      return layers?.marked(records, messages, quiet: output.isQuiet) ?? records
    }
  }

  /// Checks the selected images in their source.
  private func verify() throws(Failure) -> Failure.Kind? {
    let tagging = [tag.isEmpty ? nil : "tag", tags.firstGiven.map { String($0.dropFirst(2)) }].compactMap(
      \.self)
    try verification.check(given: given + tagging, paths: [], output, reports, messaging)
    let messages = messaging.messages(of: "img-save")
    try output.confine(messages, reports)
    return try verification.run(requestedRecords(messages), output, reports, messages)
  }

  private func additionalTags(for format: any ImageFormat) throws(Failure) -> [AdditionalTag] {
    if !format.holdsNames, !tag.isEmpty {
      throw Failure(.usage, "--tag", "has no effect on format \(format.name), which stores no names")
    }
    return try tag.map { text throws(Failure) in try AdditionalTag(text) }
  }

  /// The records of the selected images, or those on standard input.
  private func requestedRecords(_ messages: Messages) throws(Failure) -> [ImageRecord] {
    guard input.selectsImages else { return try pipedRecords(messages) }
    let selection = try input.selection()
    let isWholeStore = selection.isWholeStore
    messages.detail(
      "saving \(isWholeStore ? "all images that have names" : (selection.names ?? input.images).joined(separator: " "))"
    )
    let catalog = try store.catalog(
      for: selection, messages, quiet: output.isQuiet, acceptsStreams: true)
    var requests = catalog.requests(for: selection.names)
    if isWholeStore {
      // Images without names are mostly intermediate ones, of builds or of replaced images.
      requests = requests.filter { catalog.hasName($0) }
      if requests.isEmpty { throw Failure(.notFound, "--all", "no image of the store has a name") }
    }
    return try messages.allOrNothing(requests) { request throws(Failure) in
      try catalog.records(for: request).map { tags.applied(to: $0, catalog) }
    }.flatMap(\.self)
  }

  /// The records on standard input; refuses the options that select images of a store.
  private func pipedRecords(_ messages: Messages) throws(Failure) -> [ImageRecord] {
    guard !StandardInput.isTerminal else { throw Failure(.usage, "", "no image specified for saving images") }
    if let option = store.firstGiven {
      throw Failure(
        .usage, option,
        "has no effect without images: records on standard input name their store (names on it need the operand -)"
      )
    }
    if let option = tags.firstGiven {
      throw Failure(.usage, option, "has no effect without images: records on standard input have their tags")
    }
    if input.readsNul { throw Failure(.usage, "--null", "has no effect without names to read") }
    messages.detail("saving images from records")
    return try ImageRecord.records(in: StandardInput.readToEnd())
  }
}
