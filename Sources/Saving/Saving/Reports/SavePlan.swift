import Diagnostics
import ImageFormats

/// The plan of a save: the option `--dry-run`.
public struct SavePlan: Sendable {
  let selection: SaveSelection
  let job: SaveJob
  let output: OutputPlan
  /// The failures of the save, in order; empty if the save can start.
  public let refusals: [Failure]
}
