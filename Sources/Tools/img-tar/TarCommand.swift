import CommandLine
import CommandSupport
import Diagnostics
import HaveCommands
import ISALCompression
import ImageRecord
import SaveCommands

/// Converts records to an archive.
struct TarCommand: Tool {
  var output = OutputOptions()
  var reports = ReportOptions()
  var messaging = MessageOptions()
  var verification = VerifyOptions()
  var have = HaveOptions()
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
        OptionSection(
          "VERIFICATION",
          VerifyOptions.options(at: \.verification) + [
            .flag("deep", "With --verify of archives, check the members of layers, too.") {
              $0.verification.deep = true
            },
            .path(
              "have", value: "FILE",
              "With --verify of archives, layers that FILE lists may be missing; repeatable.", repeats: true
            ) { $0.have.add($1) },
          ]),
        OptionSection("REPORTS", ReportOptions.options(at: \.reports)).noting(in: \.given),
      ],
      options: MessageOptions.options(at: \.messaging),
      example: "img-resolve acme/app:2 | img-manifest --to docker | img-tar -o app.tar")
  }

  static var versionDetails: String? { CompressionOptions.engines }

  mutating func take(operands: [String]) { paths = operands }

  func run() throws(Failure) -> Failure.Kind? {
    selectFastInflation()
    try verification.check(given: given, paths: paths, output, reports, messaging)
    let messages = messaging.messages(of: "img-tar")
    if have.isGiven {
      guard verification.isOn, !paths.isEmpty else {
        throw Failure(
          .usage, "--have",
          "has an effect only with --verify of archives (img-manifest --have marks the layers to leave out)")
      }
      try have.check(readsInput: paths.contains("-"))
    }
    try output.confine(messages, reports)
    if verification.isOn, !paths.isEmpty {
      return try verification.run(
        paths: paths, has: have.layers(messages, quiet: output.isQuiet).known, reports, messages)
    }
    if let path = paths.first {
      throw Failure(.usage, "", "Unexpected argument '\(path)' (see 'img-tar --help')")
    }
    if verification.isOn { return try verification.run(records(), output, reports, messages) }
    try reports.check(output, messaging)
    let (job, images) = try output.job { () throws(Failure) in try records() }
    try save(images, job, reports, messages, quiet: output.isQuiet)
    return nil
  }

  private func records() throws(Failure) -> [ImageRecord] {
    try ImageRecord.records(in: StandardInput.readToEnd())
  }
}
