import ArgumentParser
import CommandSupport
import ImageRecord
import ImageSaving

/// Turns records into an archive.
struct TarCommand: ParsableCommand {
  static let configuration = CommandSupport.configuration(
    of: "img-tar", abstract: "Write the images of records into an archive or a directory.",
    compresses: true)

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Reports") var reports: ReportOptions
  @OptionGroup var messaging: MessageOptions

  func run() throws {
    try reports.check(output, messaging)
    let options = try output.saveOptions()
    let records = try ImageRecord.records(in: StandardInput.readToEnd())
    try reports.save(
      SaveSelection(records, format: options.format), options, messaging.messages(of: "img-tar"),
      quiet: output.isQuiet)
  }
}
