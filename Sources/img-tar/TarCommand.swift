import ArgumentParser
import CommandSupport
import ImageRecord
import ImageSaving

/// Turns records into an archive.
struct TarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "img-tar", abstract: "Write the images of records into an archive or a directory.",
    version: versionText(of: "img-tar"))

  @OptionGroup var output: OutputOptions
  @OptionGroup(title: "Reports") var reports: ReportOptions

  func run() throws {
    let options = try output.saveOptions()
    let records = try ImageRecord.records(in: StandardInput.readToEnd())
    try reports.save(SaveSelection(records, format: options.format), options)
  }
}
