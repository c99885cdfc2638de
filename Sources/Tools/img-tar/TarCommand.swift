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
  var verification = VerifyOptions()
  var paths: [String] = []
  /// The names of the given options that a check may not use.
  var given: [String] = []

  static var interface: Interface<TarCommand> {
    Interface(
      tool: "img-tar", abstract: "Write the images of JSON records to an archive or a directory.",
      operands: Operands(
        "path", "With --verify: archives and directories; - is standard input; default: the images of records."),
      sections: [
        OptionSection("OUTPUT", OutputOptions.options(at: \.output)).noting(in: \.given),
        OptionSection("COMPRESSION", CompressionOptions.options(at: \.output.compression)).noting(in: \.given),
        OptionSection("VERIFICATION", VerifyOptions.options(at: \.verification)),
        OptionSection("REPORTS", ReportOptions.options(at: \.reports)).noting(in: \.given),
      ],
      options: MessageOptions.options(at: \.messaging),
      example: "img-resolve acme/app:2 | img-manifest --to docker | img-tar -o app.tar")
  }

  static var versionDetails: String? { CompressionOptions.engines }

  mutating func take(operands: [String]) { paths = operands }

  func run() throws(Failure) -> Failure.Kind? {
    try verification.check(given: given, paths: paths, output, reports, messaging)
    let messages = messaging.messages(of: "img-tar")
    if verification.isOn, !paths.isEmpty { return try verification.run(paths: paths, reports, messages) }
    if let path = paths.first {
      throw Failure(.usage, "", "Unexpected argument '\(path)' (see 'img-tar --help')")
    }
    if verification.isOn { return try verification.run(records(), output, reports, messages) }
    try reports.check(output, messaging)
    let job = try output.job()
    try save(records(), job, reports, messages, quiet: output.isQuiet)
    return nil
  }

  private func records() throws(Failure) -> [ImageRecord] {
    try ImageRecord.records(in: StandardInput.readToEnd())
  }
}
