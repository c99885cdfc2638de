import ArgumentParser
import CommandSupport
import Diagnostics
import ImageManifest
import ImageModel
import ImageRecord
import ImageSaving

/// Turns records into records of another format.
struct ManifestCommand: ParsableCommand {
  static let configuration = CommandSupport.configuration(
    of: "img-manifest", abstract: "Give image records the manifest and config of a format.",
    compresses: false)

  @Option(help: ArgumentHelp("The format of manifest and config.", valueName: "FORMAT"))
  var to: Family?

  @Option(help: ArgumentHelp("Print the bytes of one image's manifest or config instead.", valueName: "PART"))
  var raw: Part?

  @OptionGroup var messaging: MessageOptions

  func run() throws {
    if to == nil, raw == nil { throw Failure(.usage, "", "nothing to do (--to or --raw)") }
    var records = try ImageRecord.records(in: StandardInput.readToEnd())
    let messages = messaging.messages(of: "img-manifest")
    if let to { records = try records.map { try convert($0, to: to, messages) } }
    guard let raw else { return try StandardOutput.write(records.flatMap(\.line)) }
    guard records.count == 1 else {
      throw Failure(.usage, "--raw", "takes one image, there are \(records.count)")
    }
    try StandardOutput.write(raw.bytes(of: records[0]))
  }

  private func convert(
    _ record: ImageRecord, to format: Family, _ messages: Messages
  ) throws(Failure) -> ImageRecord {
    let converted = try record.converted(to: format.family)
    messages.tell(record, became: converted, format: format.rawValue)
    return converted
  }
}

/// The values of `--to`.
enum Family: String, ExpressibleByArgument, CaseIterable {
  case oci
  case docker

  var family: ManifestFamily {
    switch self {
    case .oci: .oci
    case .docker: .docker
    }
  }
}

/// The values of `--raw`.
enum Part: String, ExpressibleByArgument, CaseIterable {
  case manifest
  case config

  func bytes(of record: ImageRecord) throws(Failure) -> [UInt8] {
    switch self {
    case .manifest: return record.manifest.bytes
    case .config:
      guard let config = record.config else {
        throw Failure(.notFound, record.input ?? record.id, "its manifest has no config (--to makes one)")
      }
      return config.bytes
    }
  }
}
