import CommandLine
import CommandSupport
import Diagnostics
import Glibc
import ImageRecord
import ImageSource
import KnownLayers
import POSIX
import Verification

/// The options to check images instead of writing them; the same in img-tar and img-save.
public struct VerifyOptions: OptionGroup {
  /// The options of the other groups that have an effect.
  private static let usedForImages: Set<String> = ["jobs", "quiet", "report"]
  private static let usedForPaths: Set<String> = ["quiet", "report"]

  /// Whether to check, and write nothing.
  public var isOn: Bool { verify }
  var verify = false
  /// Whether to check the members of layers in archives, too.
  public var deep = false

  /// The options, in the order of the help.
  public static var options: [Option<VerifyOptions>] {
    [.flag("verify", "Check the images, and write nothing.") { $0.verify = true }]
  }

  /// The options before a command line is parsed.
  public init() {}

  /// Refuses options that have no effect.
  ///
  /// - Parameters:
  ///   - given: The names of the given options of other groups.
  ///   - paths: The archives and directories to check; none for the images of records.
  ///   - output: The options for the output.
  ///   - reports: The options for the report.
  ///   - messaging: The options for messages.
  /// - Throws: A ``Diagnostics/Failure`` of the kind `usage`, or for a report that cannot be written.
  public func check(
    given: [String], paths: [String], _ output: OutputOptions, _ reports: ReportOptions,
    _ messaging: MessageOptions
  ) throws(Failure) {
    guard verify else {
      if deep { throw Failure(.usage, "--deep", "has no effect without --verify") }
      return
    }
    let used = paths.isEmpty ? VerifyOptions.usedForImages : VerifyOptions.usedForPaths
    if let option = given.first(where: { !used.contains($0) }) {
      throw Failure(.usage, "--\(option)", "has no effect with --verify\(paths.isEmpty ? "" : " of archives")")
    }
    if deep, paths.isEmpty { throw Failure(.usage, "--deep", "has no effect on images of records") }
    if output.quiet, messaging.isVerbose { throw Failure(.usage, "--quiet", "cannot be used with --verbose") }
    if paths.count(where: { $0 == "-" }) > 1 {
      throw Failure(.usage, "-", "standard input can be read only once")
    }
    if let report = reports.report, report != "-" { try SideFile("--report", report).check(besides: nil) }
  }

  /// Checks archives and directories, and prints their faults; layers may be missing that the receiver `has`.
  ///
  /// - Returns: The class of the first failure; nil if everything is right.
  public func run(
    paths: [String], has known: KnownLayers, _ reports: ReportOptions, _ messages: Messages
  ) throws(Failure) -> Failure.Kind? {
    var failed: Failure.Kind?
    var lines: [UInt8] = []
    var options = Verification.Options()
    options.isDeep = deep
    options.hashesArchive = reports.report != nil
    options.prefix = { known.prefix(of: $0).count }
    try messages.confine(reading: paths.filter { $0 != "-" }.map { Path($0) } + reports.places)
    for path in paths {
      do throws(Failure) {
        let verification = try verification(of: path, options)
        let title = path == "-" ? "standard input" : path
        messages.detail(
          "\(title): \(verification.kind.rawValue), images: \(verification.findings.images.count)")
        if show(verification.findings, of: title, messages) { failed = failed ?? .badData }
        lines += VerifyReport(verification, path: path).line
      } catch {
        messages.error(error)
        failed = failed ?? error.kind
      }
    }
    if let report = reports.report { try write(lines, report: report) }
    return failed
  }

  /// Checks the images of records in their sources, and prints their faults.
  ///
  /// - Returns: The class of the first failure; nil if everything is right.
  public func run(
    _ records: [ImageRecord], _ output: OutputOptions, _ reports: ReportOptions, _ messages: Messages
  ) throws(Failure) -> Failure.Kind? {
    // The number of processors is in a file, too.
    let threads = output.jobs ?? min(onlineProcessors, 8)
    try messages.confine(reading: records.places(of: OutputOptions.providers) + reports.places)
    let verification = try RecordVerification(records, providers: OutputOptions.providers, threads: threads)
    let isFaulty = show(verification.findings, of: nil, messages)
    if let report = reports.report { try write(VerifyReport(verification).line, report: report) }
    return isFaulty ? .badData : nil
  }

  private func verification(
    of path: String, _ options: Verification.Options
  ) throws(Failure) -> Verification {
    if path == "-" {
      if StandardInput.isTerminal { throw Failure(.usage, "-", "expected an archive, not a terminal") }
      return try Verification(
        archive: FileBytes(FileDescriptor(owning: 0), path: "standard input"), options)
    }
    let path = Path(path)
    if try converting(VerifyOptions.failure, { () throws(SystemError) in try FileStatus.of(path).kind })
      == .directory
    {
      return try Verification(directory: path, options)
    }
    let file = try converting(VerifyOptions.failure) { () throws(SystemError) in
      FileBytes(try FileDescriptor.open(path, O_RDONLY | O_NOCTTY), path: path)
    }
    return try Verification(archive: file, options)
  }

  private static func failure(_ error: SystemError) -> Failure {
    error.isNotFound ? Failure(.notFound, error.subject, error.reason) : error.failure
  }

  /// Prints faults, and with `--verbose` notes; returns whether there is a fault.
  private func show(_ findings: Findings, of path: String?, _ messages: Messages) -> Bool {
    for fault in findings.faults { messages.error(Failure(.badData, path ?? "", fault.text)) }
    if findings.dropped > 0 { messages.error(Failure(.badData, path ?? "", "\(findings.dropped) more faults")) }
    for note in findings.notes { messages.detail((path.map { "\($0): " } ?? "") + note.text) }
    return !findings.isIntact
  }
}
