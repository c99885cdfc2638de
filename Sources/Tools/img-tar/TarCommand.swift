import CommandLine
import CommandSupport
import Diagnostics
import ImageRecord
import SaveCommands

/// Converts records to an archive.
struct TarCommand: Tool {
  var output = OutputOptions()
  var reports = ReportOptions()
  var messaging = MessageOptions()

  static var interface: Interface<TarCommand> {
    Interface(
      tool: "img-tar", abstract: "Write the images of JSON records to an archive or a directory.",
      sections: [
        OptionSection("OUTPUT", OutputOptions.options(at: \.output)),
        OptionSection("COMPRESSION", CompressionOptions.options(at: \.output.compression)),
        OptionSection("REPORTS", ReportOptions.options(at: \.reports)),
      ],
      options: MessageOptions.options(at: \.messaging),
      example: "img-resolve acme/app:2 | img-manifest --to docker | img-tar -o app.tar")
  }

  static var versionDetails: String? { CompressionOptions.engines }

  func run() throws(Failure) -> Failure.Kind? {
    try reports.check(output, messaging)
    let job = try output.job()
    let records = try ImageRecord.records(in: StandardInput.readToEnd())
    try save(records, job, reports, messaging.messages(of: "img-tar"), quiet: output.isQuiet)
    return nil
  }
}
