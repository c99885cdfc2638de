import Diagnostics
import Glibc
import POSIX

/// The kind of output of a format.
public enum OutputKind: Sendable {
  /// One file or stream.
  case archive
  /// A directory; files are added to one that contains a marker, any other must be new or empty.
  case directory(markers: [String])
}

/// How a save treats its target.
public enum Disposition: Sendable {
  /// An output that is written in place.
  public enum Stream: Sendable {
    /// Standard output.
    case standardOutput
    /// An open descriptor of this process, and the path that names it.
    case descriptor(Int32, Path)
    /// A FIFO or a device, or a descriptor of another process, whose file may be truncated.
    case path(Path, truncates: Bool)
  }

  /// How a directory that is not empty is replaced.
  public enum Replacement: Sendable {
    /// The target does not exist.
    case nothing
    /// A new directory takes the name; the old one is removed.
    case directory
    /// The directory stays and gets other contents, because its name is fixed.
    case contents
  }

  /// Writes in place, without a way back.
  case stream(Stream)
  /// Creates or replaces a file.
  case file(Path, replaces: Bool)
  /// Fills an empty file, which keeps its mode, owner and group.
  case emptyFile(Path, inPlace: Bool)
  /// Creates or replaces a directory.
  case newDirectory(Path, replaces: Replacement)
  /// Adds files to a directory; `isEmpty` unless another program may have put something there.
  case existingDirectory(Path, isEmpty: Bool)
}

extension OutputTarget {
  /// Examines the target and decides how a save treats it; changes nothing.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for a target that a save must not or cannot touch.
  public func disposition(for kind: OutputKind) throws(Failure) -> Disposition {
    switch kind {
    case .archive: return try archiveDisposition()
    case .directory(let markers): return try directoryDisposition(markers)
    }
  }

  private func archiveDisposition() throws(Failure) -> Disposition {
    guard let path else { return .stream(.standardOutput) }
    switch DescriptorPath(path) {
    case .own(let number):
      if let problem = InheritedDescriptor.problem(with: number) {
        throw Failure(.cannotCreate, path.description, problem)
      }
      return .stream(.descriptor(number, path))
    case .other(let entry): return try dispositionOfDescriptor(entry, path)
    case nil: break
    }
    if let status = try? FileStatus.of(path), status.kind == .special {
      if status.isSocket { throw .isSocket(path) }
      return .stream(.path(path, truncates: false))
    }
    let target = try followed(path)
    guard let status = try OutputTarget.status(of: target) else { return .file(target, replaces: false) }
    if status.kind == .directory { throw Failure(.cannotCreate, target.description, "is a directory") }
    let isReplaceable = isReplaceable(target, status)
    if status.size == 0 {
      let keepsAll =
        isReplaceable && status.links == 1 && !target.hasAttributes && Privileges.canGiveAway(like: status)
      return .emptyFile(target, inPlace: !keepsAll)
    }
    if !force { throw .exists(target) }
    if target.isMountPoint {
      throw Failure(.cannotCreate, target.description, "is a mount point and not empty, and cannot be replaced")
    }
    if let parent = try? FileStatus.of(target.parent), !Privileges.canRename(status, in: parent) {
      throw .cannotCreate(target, SystemError("rename", target, code: EPERM))
    }
    return .file(target, replaces: true)
  }

  /// The descriptor of another process: never creates a file.
  private func dispositionOfDescriptor(_ entry: Path, _ path: Path) throws(Failure) -> Disposition {
    let status: FileStatus
    do {
      status = try FileStatus.of(entry)
    } catch {
      throw .cannotCreate(path, error)
    }
    if status.kind == .directory { throw Failure(.cannotCreate, path.description, "is a directory") }
    if status.isSocket { throw .isSocket(path) }
    if status.kind == .regular, status.size > 0, !force { throw .exists(path) }
    return .stream(.path(path, truncates: status.kind == .regular))
  }

  private func directoryDisposition(_ markers: [String]) throws(Failure) -> Disposition {
    guard let path else {
      throw Failure(.usage, "standard output", "a directory cannot be written to standard output (use -o)")
    }
    if DescriptorPath(path) != nil, (try? FileStatus.of(path))?.kind != .directory {
      throw Failure(.cannotCreate, path.description, "is not a directory")
    }
    let target = try followed(path)
    guard let status = try OutputTarget.status(of: target) else {
      return .newDirectory(target, replaces: .nothing)
    }
    guard status.kind == .directory else {
      throw Failure(.cannotCreate, target.description, "is not a directory")
    }
    let isEmpty: Bool
    do throws(SystemError) {
      if !force {
        for marker in markers where try target.appending(marker).isPresent() {
          return .existingDirectory(target, isEmpty: false)
        }
      }
      isEmpty = try target.contentNames().isEmpty
    } catch {
      throw error.failure
    }
    if isEmpty { return .existingDirectory(target, isEmpty: true) }
    if !force { throw .exists(target) }
    let hasOwnName = !["", ".", ".."].contains(target.lastComponent)
    if hasOwnName, isReplaceable(target, status) { return .newDirectory(target, replaces: .directory) }
    if target.hasMountPointsBelow {
      throw Failure(
        .cannotCreate, target.description, "contains a mount point, and its contents cannot be replaced")
    }
    return .newDirectory(target, replaces: .contents)
  }

  /// Whether another file can take the name of the target.
  private func isReplaceable(_ target: Path, _ status: FileStatus) -> Bool {
    guard let parent = try? FileStatus.of(target.parent), (try? target.parent.checkWritable()) != nil else {
      return false
    }
    return !target.isMountPoint && Privileges.canRename(status, in: parent)
  }

  private static func status(of target: Path) throws(Failure) -> FileStatus? {
    do {
      return try FileStatus.of(target)
    } catch  where error.isNotFound {
      // Creating the file fails later if a component of its path is not a directory.
      return nil
    } catch {
      throw .cannotCreate(target, error)
    }
  }
}

extension Path {
  /// The names in a directory that are content: all but the `lost+found` of a new ext4 file system.
  func contentNames() throws(SystemError) -> [Path] {
    try directoryEntries().filter { $0 != "lost+found" }
  }
}

/// The path after following symbolic links, as many as the kernel follows; the last link may be dangling.
func followed(_ path: Path) throws(Failure) -> Path {
  var path = path
  for _ in 0...40 {
    guard let status = try? FileStatus.ofLink(path), status.kind == .symbolicLink else { return path }
    do {
      let target = try path.linkTarget()
      path = target.isAbsolute ? target : path.parent.appending(target)
    } catch {
      throw error.failure
    }
  }
  throw Failure(.cannotCreate, path.description, "too many symbolic links")
}

extension Failure {
  /// The failure of a target that cannot be created.
  static func cannotCreate(_ target: Path, _ error: SystemError) -> Failure {
    let kind: Failure.Kind =
      error.isPermission ? .noPermission : error.isDeviceTrouble ? .inputOutput : .cannotCreate
    return Failure(kind, target.description, error.reason)
  }

  /// The failure of a target that only a server can read from.
  static func isSocket(_ target: Path) -> Failure { Failure(.cannotCreate, target.description, "is a socket") }

  /// The failure of a target that exists and is not empty.
  static func exists(_ target: Path) -> Failure {
    Failure(.cannotCreate, target.description, "exists and is not empty (--force replaces it)")
  }
}
