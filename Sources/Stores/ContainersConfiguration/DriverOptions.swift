import Diagnostics
import POSIX

/// The driver options that name stores.
///
/// Examples: `overlay.imagestore=/a,/b`, `vfs.imagestore=/a`, `additionallayerstore=/c`. All other options
/// concern mounting and writing, and are ignored. An unknown option on the command line is refused, because it
/// is likely a typo.
/// Source: containers/storage drivers/overlay, vfs and btrfs, parseOptions.
struct DriverOptions: Equatable {
  var imageStores: [String] = []
  var layerStores: [String] = []

  /// Reads options of the form `key=value`.
  init(_ options: [String], from origin: SettingOrigin) throws(Failure) {
    for option in options {
      guard let equals = option.firstIndex(of: "=") else {
        throw Failure(
          origin.isCommandLine ? .usage : .unavailable, "\(origin)",
          "unable to parse key/value option: \(option)")
      }
      let value = option[option.index(after: equals)...]
      let values = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      switch bareKey(option[..<equals]) {
      case "imagestore", "additionalimagestore": imageStores += values
      case "additionallayerstore": layerStores += values
      case let key where origin.isCommandLine && !DriverOptions.forWriting.contains(key):
        let near = nearest(to: key, among: DriverOptions.forReading + DriverOptions.forWriting)
        throw Failure(
          .usage, "\(origin)",
          "unknown option \(option[..<equals])\(near.map { " (did you mean \($0)?)" } ?? "")")
      default: break
      }
    }
  }

  private static let forReading = ["imagestore", "additionalimagestore", "additionallayerstore"]
  private static let forWriting = [
    "force_mask", "ignore_chown_errors", "inodes", "min_space", "mount_program", "mountopt",
    "override_kernel_check",
    "size", "skip_mount_home", "sync", "use_composefs",
  ]
}

extension SettingOrigin {
  fileprivate var isCommandLine: Bool { if case .option = self { true } else { false } }
}

/// The key in lower case, without surrounding white space and without the prefix of a driver.
private func bareKey(_ key: Substring) -> String {
  var bare = Substring(key.lowercased())
  while bare.first?.isWhitespace == true { bare.removeFirst() }
  while bare.last?.isWhitespace == true { bare.removeLast() }
  for prefix in ["overlay.", "overlay2.", "vfs.", "btrfs.", "."] where bare.hasPrefix(prefix) {
    bare = bare.dropFirst(prefix.count)
  }
  return String(bare)
}
