import Diagnostics
import ImageFormats

/// What a save would do: the option `--dry-run`.
public struct SavePlan: Sendable {
  let selection: SaveSelection
  let job: SaveJob
  let output: OutputPlan
  /// What the save would fail with, the first failure first; empty for a save that can start.
  public let refusals: [Failure]
}
