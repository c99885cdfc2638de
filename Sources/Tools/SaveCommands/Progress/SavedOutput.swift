import Diagnostics
import Digests
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import Outputs
import POSIX
import Saving

/// A complete output, for the last line of the progress: `app.tar: 1.2 GB in 4s`.
struct SavedOutput: Sendable, CustomStringConvertible {
  /// The target, or `standard output`.
  let name: String
  /// The bytes written; for a directory and a stream those of manifests, configs and layers.
  let size: UInt64
  /// The duration in nanoseconds.
  let duration: UInt64

  /// The output of a save that took `duration` nanoseconds.
  init(_ selection: SaveSelection, _ job: SaveJob, _ written: WrittenOutput, duration: UInt64) {
    self.duration = duration
    name = job.target.path.map { "\($0)" } ?? "standard output"
    if let summary = written.output {
      size = summary.size
    } else if let path = job.target.path, let status = try? FileStatus.of(path), status.kind == .regular {
      size = status.size
    } else {
      var sizes = written.images.flatMap(\.layers).filter { !written.present.contains($0.digest) }
        .map { ($0.digest, $0.size) }
      for (record, image) in zip(selection.records, written.images) {
        if let manifest = image.manifest { sizes.append((manifest.digest, UInt64(manifest.bytes.count))) }
        if let config = record.config { sizes.append((config.digest, UInt64(config.bytes.count))) }
      }
      sizes += written.lists.map { ($0.digest, UInt64($0.bytes.count)) }
      size = Dictionary(sizes) { first, _ in first }.values.reduce(0, &+)
    }
  }

  var description: String { "\(name): \(byteText(size)) in \(durationText(nanoseconds: duration))" }
}
