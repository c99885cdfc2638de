import Diagnostics
import POSIX

/// What is at the place of a graph root or an image store.
public enum StoreRoot: Equatable, Sendable {
  /// A store, perhaps without images.
  case store
  /// Nothing.
  case missing
  /// A directory without entries, or a new file system; the first run of podman makes it a store.
  case emptyDirectory
  /// Another directory; its subdirectory `storage` may be a store, or closed.
  case otherDirectory(hasStoreBelow: Bool)
  /// A file of another kind.
  case file

  /// Looks for the files of a store; reads none of them.
  ///
  /// - Throws: A ``Failure``; of the kind `noPermission` if the directory cannot be looked at.
  public init(at root: Path) throws(Failure) {
    do {
      guard try FileStatus.of(root).kind == .directory else {
        self = .file
        return
      }
      if try root.holdsStore() {
        self = .store
      } else if try root.directoryEntries().allSatisfy({ $0 == "lost+found" }) {
        self = .emptyDirectory
      } else {
        self = .otherDirectory(hasStoreBelow: root.appending("storage").mayHoldStore)
      }
    } catch  where error.isWrongFile {
      self = .missing
    } catch {
      throw error.failure
    }
  }

  /// Refuses what is no store: a failure of the kind `unavailable`.
  public func check(_ root: some CustomStringConvertible, from origin: String? = nil) throws(Failure) {
    let reason: String
    var advice = origin.map { ["from \($0)"] } ?? []
    switch self {
    case .store: return
    case .missing: reason = "no such directory"
    case .file: reason = "not a directory"
    case .emptyDirectory: reason = "not a store: the directory is empty"
    case .otherDirectory(let hasStoreBelow):
      reason = "not a store: no storage.lock, overlay-images or the like"
      if hasStoreBelow { advice.append("did you mean \(Path("\(root)").appending("storage"))?") }
    }
    let text = advice.isEmpty ? reason : "\(reason) (\(advice.joined(separator: "; ")))"
    throw Failure(.unavailable, "\(root)", text)
  }
}

extension StoreLocation {
  /// Refuses a location whose graph root or image store is missing or no store.
  func check() throws(Failure) {
    for path in [root] + (imageStore.map { [$0] } ?? []) { try StoreRoot(at: path).check(path) }
  }
}

extension Path {
  /// Whether a directory has one of the entries that every store has from its first use.
  ///
  /// Source: containers/storage store.go: `storage.lock`, and for each driver its directory and those of images,
  /// layers and containers. podman adds `libpod`.
  fileprivate func holdsStore() throws(SystemError) -> Bool {
    for driver in ["overlay", "vfs", "btrfs", "zfs", "aufs", "devicemapper"] {
      for suffix in ["-images", "-layers", "-containers", ""] where try isDirectory("\(driver)\(suffix)") {
        return true
      }
    }
    if try isDirectory("libpod") { return true }
    return try appending("storage.lock").isPresent()
  }

  /// Whether a directory is a store, or may be one that is closed to this process.
  fileprivate var mayHoldStore: Bool {
    do { return try holdsStore() } catch { return error.isPermission }
  }

  private func isDirectory(_ name: String) throws(SystemError) -> Bool {
    do {
      return try FileStatus.of(appending(name)).kind == .directory
    } catch  where error.isWrongFile {
      return false
    }
  }
}

extension Failure {
  /// Adds whose store it is if a store cannot be read for lack of permission.
  ///
  /// No advice for root, who needs none of it.
  public func advisingOnStore() -> Failure {
    advising { owner in
      let belongs = owner == .ownUser ? "" : "; this one is \(owner)'s"
      return "another user's store: run as that user, or with sudo for root's\(belongs)"
    }
  }
}
