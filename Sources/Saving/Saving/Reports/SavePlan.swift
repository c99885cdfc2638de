import Diagnostics
import ImageFormats
import Outputs
import POSIX

/// The plan of a save: the option `--dry-run`.
public struct SavePlan: Sendable {
  let selection: SaveSelection
  let job: SaveJob
  let output: OutputPlan
  /// The failures of the save, in order; empty if the save can start.
  public let refusals: [Failure]
  /// The free bytes of the target's file system; nil for a stream, or if unknown.
  let free: UInt64?

  init(_ selection: SaveSelection, _ job: SaveJob, _ output: OutputPlan, refusals: [Failure]) {
    self.selection = selection
    self.job = job
    self.output = output
    self.refusals = refusals
    free = job.target.freeSpace
  }

  /// A note if the output is larger than the free space: `app.tar: needs 1.2 GB, 300.0 MB free`.
  public var spaceNote: String? {
    guard let path = job.target.path, let size = output.size, let free, free < size else { return nil }
    return "\(path): needs \(byteText(size)), \(byteText(free)) free"
  }
}

extension OutputTarget {
  /// The free bytes where the output is written; nil for a stream, or if unknown.
  fileprivate var freeSpace: UInt64? {
    guard let path else { return nil }
    guard let status = try? FileStatus.of(path) else { return try? path.parent.freeSpace() }
    return status.kind == .special ? nil : try? path.freeSpace()
  }
}
