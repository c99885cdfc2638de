import ArgumentParser
import CommandSupport
import ImageManifest
import ImageRecord
import ImageSaving

/// Turns records into records of another format.
struct ManifestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "img-manifest", abstract: "Give image records the manifest and config of a format.",
    version: versionText(of: "img-manifest"))

  @Option(help: ArgumentHelp("The format: oci or docker.", valueName: "FORMAT"))
  var to: Family

  func run() throws {
    var lines: [UInt8] = []
    for record in try ImageRecord.records(in: StandardInput.readToEnd()) {
      lines += try record.converted(to: to.family).line
    }
    try StandardOutput.write(lines)
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
