import CommandLine
import Diagnostics
import ImageArchive
import POSIX
import Saving

/// The options that say what is written and where; the same in img-tar and img-save.
public struct OutputOptions: OptionGroup {
  var format = SaveFormat.dockerArchive
  /// The target; nil for standard output.
  var output: Path?
  var force = false
  var sync = false
  var quiet = false
  var compression = CompressionOptions()
  var jobs: Int?

  /// The options, in the order of the help.
  public static var options: [Option<OutputOptions>] {
    [
      .choice("format", value: "FORMAT", "Output format.", default: OutputOptions().format) {
        $0.format = $1
      },
      .path("output", letter: "o", value: "PATH", "Write to PATH; - is standard output.") {
        $0.output = $1 == "-" ? nil : $1
      },
      .flag("force", letter: "f", "Replace an existing target.") { $0.force = true },
      .flag("sync", "Flush the target to disk before reporting success.") { $0.sync = true },
      .flag("quiet", letter: "q", "Print errors only, no progress and no notes.") { $0.quiet = true },
    ] + CompressionOptions.options(at: \.compression) + [
      .number("jobs", value: "N", in: 1...64, "Number of threads, 1 to 64; does not change the output.") {
        $0.jobs = $1
      }
    ]
  }

  /// Whether nothing but errors is told.
  public var isQuiet: Bool { quiet }

  /// Options as they are before a command line is parsed.
  public init() {}

  /// What the options ask for.
  ///
  /// - Throws: A ``Failure`` of the kind `usage` for an option that cannot take effect.
  public func saveOptions() throws(Failure) -> SaveOptions {
    var target = ArchiveTarget(path: output)
    if let path = target.path, path.bytes.isEmpty { throw Failure(.usage, "--output", "the path is empty") }
    if target.path == nil {
      if force { throw Failure(.usage, "--force", "has no effect on standard output") }
      if sync { throw Failure(.usage, "--sync", "has no effect on standard output") }
      if format == .ociDirectory || format == .dockerDirectory {
        throw Failure(.usage, "--format \(format.rawValue)", "a directory needs -o")
      }
    }
    target.force = force
    target.synchronize = sync
    if let jobs { target.threads = jobs }
    var options = SaveOptions(format: format, target: target, compression: try compression.choice(for: format))
    if format == .ociArchive { options.time = try sourceDateEpoch() }
    return options
  }

  /// The time that reproducible builds ask for, 0 without one; reproducible-builds.org, SOURCE_DATE_EPOCH.
  private func sourceDateEpoch() throws(Failure) -> UInt32 {
    guard let text = Environment.value("SOURCE_DATE_EPOCH"), !text.isEmpty else { return 0 }
    guard let time = UInt32(text) else {
      throw Failure(.usage, "SOURCE_DATE_EPOCH", "\"\(text)\" is not a number of seconds since 1970")
    }
    return time
  }
}
