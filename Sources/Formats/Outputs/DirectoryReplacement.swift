import Glibc
import POSIX

/// Puts a finished directory in the place of an existing one.
///
/// In one step, if the file system can exchange names. Otherwise there is no directory of that name for a moment,
/// or one that is incomplete; signals wait for the end.
struct DirectoryReplacement {
  /// The name of the existing directory.
  let target: Path
  /// The temporary name of the finished directory.
  let place: Path
  /// The name of the file that makes the directory valid.
  let last: Path
  let naming: Naming

  /// How the directory was replaced.
  enum Outcome {
    /// The old directory has the temporary name of the new one.
    case exchanged
    /// The old directory has another temporary name.
    case movedAside(Path)
    /// The old directory has the new contents.
    case refilled
  }

  /// Replaces the directory by a new one; its contents, if it cannot be renamed.
  func replace(_ registry: inout CleanupRegistry) throws(SystemError) -> Outcome {
    do {
      try naming.exchange(place, with: target)
      return .exchanged
    } catch  where error.isUnsupported || DirectoryReplacement.isFixed(error) {
      // The file system cannot exchange names, or not those of directories that were there before (overlayfs).
    }
    let aside = temporaryName(for: target)
    do {
      try naming.renameDirectory(target, to: aside)
    } catch  where DirectoryReplacement.isFixed(error) {
      return try refill(&registry)
    }
    do {
      try place.rename(to: target)
    } catch {
      try aside.rename(to: target)
      throw error
    }
    registry.keep(place)
    registry.add(aside, .tree)
    return .movedAside(aside)
  }

  /// Whether an error says that a directory cannot be renamed where it is: a mount point, a lower layer of
  /// overlayfs.
  private static func isFixed(_ error: SystemError) -> Bool { [EXDEV, EBUSY].contains(error.code) }

  /// Removes the contents of the old directory and moves those of the new one into it.
  ///
  /// The file that makes the directory valid goes first and comes last.
  func refill(_ registry: inout CleanupRegistry) throws(SystemError) -> Outcome {
    // Removing it would fail after other contents are gone.
    if target.hasMountPointsBelow { throw SystemError("rmdir", target, code: EBUSY) }
    let temporary = place.lastComponent
    for name in [last] + (try target.contentNames()) where name != temporary {
      let path = target.appending(name)
      if path.exists { try path.removeTree() }
    }
    var moved: [Path] = []
    do {
      for name in try place.directoryEntries().filter({ $0 != last }) + [last] {
        try place.appending(name).rename(to: target.appending(name))
        moved.append(target.appending(name))
      }
    } catch {
      for path in moved { try? path.removeTree() }
      throw error
    }
    registry.remove(place)
    return .refilled
  }

  /// Undoes a replacement, if that is possible.
  func undo(_ outcome: Outcome, _ registry: inout CleanupRegistry) throws(SystemError) {
    switch outcome {
    case .exchanged: try naming.exchange(place, with: target)
    case .movedAside(let aside):
      try target.rename(to: place)
      registry.add(place, .tree)
      try aside.rename(to: target)
      registry.keep(aside)
    case .refilled: break
    }
  }
}
