import Diagnostics
import JSON
import POSIX

/// The settings of Docker's daemon.json that say where its images are.
///
/// The daemon's command line may say otherwise; nothing in a store records that.
/// Source: moby, daemon/config/config.go.
struct DaemonConfiguration: Equatable {
  /// The file that was read; nil if there is none.
  var file: Path?
  /// `data-root`, formerly `graph`.
  var dataRoot: String?
  /// `storage-driver`.
  var storageDriver: String?
  /// Whether `userns-remap` is set.
  var isRemapped = false
  /// `features.containerd-snapshotter`.
  var usesContainerd: Bool?

  /// The settings of a machine without the file.
  init() {}

  /// Reads a file; a missing one has no settings.
  init(_ path: Path) throws(Failure) {
    let bytes: [UInt8]
    do {
      bytes = try path.contents(limit: 1 << 20)
    } catch {
      if error.isNotFound { return }
      throw error.failure
    }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, rules: .lenient)
    } catch {
      throw Failure(.badData, path.description, "\(error)")
    }
    file = path
    dataRoot = (value["data-root"] ?? value["graph"])?.string
    storageDriver = value["storage-driver"]?.string
    isRemapped = value["userns-remap"]?.string?.isEmpty == false
    usesContainerd = value["features"]?["containerd-snapshotter"]?.bool
  }
}
