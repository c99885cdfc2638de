import CommandLine
import ContainerdStore
import ContainersStorage
import Diagnostics
import DockerStore
import ImageFiles
import ImageFormats
import ImageRecord
import ImageSource
import Outputs
import POSIX
import Saving

/// The options for the output; the same in img-tar and img-save.
public struct OutputOptions: OptionGroup {
  /// The formats, the default first.
  private static let formats: [any ImageFormat] = [
    DockerArchive(), OCIArchive(), OCIDirectory(), DockerDirectory(), HybridArchive(),
  ]
  /// The kinds of sources of layers.
  static let providers: [any LayerProvider.Type] = [
    ContainersStore.self, DockerStore.self, ContainerdStore.self, LayoutLayers.self, DirectoryLayers.self,
    ArchiveLayers.self,
  ]

  /// The format of the output that was asked for.
  var chosenFormat: (any ImageFormat)?
  /// Whether layers are left out, which podman's default format cannot do.
  public var leavesOut = false
  /// The format of the output.
  public var format: any ImageFormat {
    chosenFormat ?? (leavesOut ? HybridArchive() : OutputOptions.formats[0])
  }
  /// The target; nil for standard output.
  var output: Path?
  var force = false
  /// Whether several images may go into an output that podman makes of one.
  public var isMultiImage = false
  var sync = false
  var quiet = false
  /// The compression of layers; its options are ``CompressionOptions/options``.
  public var compression = CompressionOptions()
  var jobs: Int?

  /// The options besides those for the compression, in the order of the help.
  public static var options: [Option<OutputOptions>] {
    [
      .path("output", letter: "o", value: "PATH", "Write to PATH. (default: -, standard output)") {
        $0.output = $1 == "-" ? nil : $1
      },
      .flag("force", letter: "f", "Replace an existing target.") { $0.force = true },
      .choice(
        "format", value: "FORMAT", "Output format.", of: formats.map(\.name),
        default: formats[0].name
      ) { options, name in
        if let format = formats.first(where: { $0.name == name }) { options.chosenFormat = format }
      },
      .flag(
        "multi-image-archive", letter: "m",
        "Write several images, with all names, into an oci-archive or oci-dir."
      ) { $0.isMultiImage = true },
      .flag("quiet", letter: "q", "Print errors only, no progress and no notes.") { $0.quiet = true },
      .number(
        "jobs", value: "N", in: 1...64,
        "Number of threads, 1 to 64; does not change the output. (default: processors, at most 8)"
      ) { $0.jobs = $1 },
      .flag("sync", "Flush the target to disk before reporting success.") { $0.sync = true },
    ]
  }

  /// Whether to print errors only.
  public var isQuiet: Bool { quiet }

  /// The options before a command line is parsed.
  public init() {}

  /// The save that the options describe.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `usage` for an option that cannot take effect.
  public func job() throws(Failure) -> SaveJob {
    if leavesOut, !format.canLeaveOut {
      throw Failure(.usage, "--have", "\(format.name) cannot leave layers out; use --format hybrid")
    }
    var options = FormatOptions(codec: try compression.codec(for: format))
    options.keepsCompression = compression.keepsBlobs
    options.isMultiImage = isMultiImage
    if case .archive(let style) = format.container, style.isTimed { options.time = try sourceDateEpoch() }
    var job = SaveJob(
      format: format, target: try target(), options: options, providers: OutputOptions.providers)
    if let jobs { job.threads = jobs }
    return job
  }

  /// The save that the options describe, of records that may have layers to leave out.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `usage` for an option that cannot take effect, before any of
  ///   `read`.
  public func job(
    _ read: () throws(Failure) -> [ImageRecord]
  ) throws(Failure) -> (SaveJob, [ImageRecord]) {
    let job = Result { () throws(Failure) in try self.job() }
    // Without layers, the default format decides which options have an effect.
    guard chosenFormat == nil else { return (try job.get(), try read()) }
    let records: [ImageRecord]
    do {
      records = try read()
    } catch {
      if case .failure(let usage) = job { throw usage }
      throw error
    }
    guard records.contains(where: { $0.layers.contains(where: \.isAbsent) }) else {
      return (try job.get(), records)
    }
    var options = self
    options.leavesOut = true
    return (try options.job(), records)
  }

  private func target() throws(Failure) -> OutputTarget {
    var target = OutputTarget(path: output)
    if let output, output.bytes.isEmpty { throw Failure(.usage, "--output", "the path is empty") }
    if output == nil {
      if force { throw Failure(.usage, "--force", "has no effect on standard output") }
      if sync { throw Failure(.usage, "--sync", "has no effect on standard output") }
      if case .directory = format.container {
        throw Failure(.usage, "--format \(format.name)", "a directory needs -o")
      }
    }
    target.force = force
    target.synchronize = sync
    return target
  }

  /// The time for reproducible builds, or 0; reproducible-builds.org, SOURCE_DATE_EPOCH.
  private func sourceDateEpoch() throws(Failure) -> UInt32 {
    guard let text = Environment.value("SOURCE_DATE_EPOCH"), !text.isEmpty else { return 0 }
    guard let time = UInt32(text) else {
      throw Failure(.usage, "SOURCE_DATE_EPOCH", "\"\(text)\" is not a number of seconds since 1970")
    }
    return time
  }
}
