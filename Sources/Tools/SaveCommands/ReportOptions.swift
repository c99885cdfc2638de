import CommandLine
import CommandSupport
import Diagnostics
import Outputs
import POSIX
import Saving

/// The options for reports about a save; the same in img-tar and img-save.
public struct ReportOptions: OptionGroup {
  var dryRun = false
  var progress: ProgressMode?
  /// The file for the report; `-` is standard output.
  var report: Path?
  var events: Path?

  /// The options, in the order of the help.
  public static var options: [Option<ReportOptions>] {
    [
      .flag("dry-run", "Print what would be written, without reading layers.") { $0.dryRun = true },
      .choice("progress", value: "MODE", "Progress display on standard error.", default: .auto) {
        $0.progress = $1
      },
      .path(
        "report", value: "FILE", "Write a report to FILE as JSON; - is standard output."
      ) { $0.report = $1 },
      .path("events", value: "FILE", "Append a libpod event for each saved image to FILE.") {
        $0.events = $1
      },
    ]
  }

  /// The options before a command line is parsed.
  public init() {}

  /// The places of the files that reports are written to.
  var places: [Path] {
    [report, events].compactMap(\.self).filter { $0 != "-" }.flatMap { OutputTarget(path: $0).places }
  }

  /// Refuses options that contradict each other.
  public func check(_ output: OutputOptions, _ messaging: MessageOptions) throws(Failure) {
    let quiet = output.quiet
    if quiet, messaging.isVerbose { throw Failure(.usage, "--quiet", "cannot be used with --verbose") }
    if let progress, progress != .none, progress != .auto {
      if quiet { throw Failure(.usage, "--quiet", "cannot be used with --progress \(progress.rawValue)") }
      if dryRun { throw Failure(.usage, "--progress", "has no effect with --dry-run") }
    }
    if dryRun, events != nil { throw Failure(.usage, "--events", "has no effect with --dry-run") }
    if report == "-", output.output == nil, !dryRun {
      throw Failure(.usage, "--report -", "the archive goes to standard output (use -o)")
    }
    if let report, report != "-" { try SideFile("--report", report).check(besides: output.output) }
    if let events { try SideFile("--events", events).check(besides: output.output) }
  }
}
