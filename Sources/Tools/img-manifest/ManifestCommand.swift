import CommandLine
import CommandSupport
import Diagnostics
import HaveCommands
import ImageManifest
import ImageModel
import ImageRecord

/// Converts records to another format.
struct ManifestCommand: Tool {
  var to: ManifestFamily?
  var raw: Part?
  var have = HaveOptions()
  var amend = false
  var messaging = MessageOptions()

  static var interface: Interface<ManifestCommand> {
    Interface(
      tool: "img-manifest", abstract: "Convert image records to the manifest and config of a format.",
      sections: [
        OptionSection(
          "RECORDS",
          [
            .choice("to", value: "FORMAT", "Format of manifest and config.") { $0.to = $1 },
            .flag("amend", "Apply the edits of content and annotations; before --to.") { $0.amend = true },
            .choice("raw", value: "PART", "Print the manifest or config of one image instead.") { $0.raw = $1 },
          ] + HaveOptions.options(at: \.have))
      ],
      options: MessageOptions.options(at: \.messaging),
      example: "img-resolve acme/app:2 | img-manifest --to oci --raw manifest")
  }

  func run() throws(Failure) -> Failure.Kind? {
    if to == nil, raw == nil, !amend, !have.isGiven {
      throw Failure(.usage, "", "--to docker, --to oci, --amend, --have or --raw is needed")
    }
    if raw != nil, have.isGiven { throw Failure(.usage, "--have", "has no effect with --raw") }
    try have.check(readsInput: true)
    let messages = messaging.messages(of: "img-manifest")
    try messages.confine(writing: [])
    try messages.confine(reading: have.places)
    var records = try ImageRecord.records(in: StandardInput.readToEnd(), acceptingEdits: amend)
    if amend {
      records = try records.map { record throws(Failure) in try apply(record, messages) }
    }
    if let to {
      records = try records.map { record throws(Failure) in try convert(record, to: to, messages) }
    }
    if have.isGiven { records = try have.layers(messages).marked(records, messages) }
    guard let raw else {
      try StandardOutput.write(records.flatMap(\.line))
      return nil
    }
    guard records.count == 1 else {
      throw Failure(.usage, "--raw", "takes one record, got \(records.count)")
    }
    try StandardOutput.write(raw.bytes(of: records[0]))
    return nil
  }

  private func apply(_ record: ImageRecord, _ messages: Messages) throws(Failure) -> ImageRecord {
    for path in record.roundedNumbers {
      messages.note("\(record.title): \(path): changed only beyond 2^53; a program may have rounded it")
    }
    return try record.amended()
  }

  private func convert(
    _ record: ImageRecord, to format: ManifestFamily, _ messages: Messages
  ) throws(Failure) -> ImageRecord {
    let converted = try record.converted(to: format)
    messages.detail(record.description(ofConversion: converted, to: format.rawValue))
    return converted
  }
}

/// The values of `--raw`.
enum Part: String, CaseIterable {
  case manifest
  case config

  func bytes(of record: ImageRecord) throws(Failure) -> [UInt8] {
    switch self {
    case .manifest: return record.manifest.bytes
    case .config:
      guard let config = record.config else {
        throw Failure(.notFound, record.input ?? record.id, "its manifest has no config (--to creates one)")
      }
      return config.bytes
    }
  }
}
