import Diagnostics
import POSIX

/// The target of an output, with its options.
public struct OutputTarget: Sendable {
  /// The file or directory; nil is standard output.
  public var path: Path?
  /// Whether an existing target is replaced.
  public var force = false
  /// Whether to flush everything to the disk before reporting success.
  public var synchronize = false
  /// Whether ``ArchiveOutput/finish()`` returns size and digest of the output.
  public var summarizes = false

  /// A target at a path.
  public init(path: Path?) {
    self.path = path
  }
}

/// The kind of output of a format.
public enum OutputKind: Sendable {
  /// One file or stream.
  case archive
  /// A directory; files are added to one that contains a marker, any other must be new or empty.
  case directory(markers: [String])
}

/// How a save treats its target.
public enum Disposition: Sendable {
  /// Writes in place: standard output, a FIFO or a device.
  case stream
  /// Creates or replaces a file.
  case file(Path, replaces: Bool)
  /// Creates or replaces a directory.
  case newDirectory(Path, replaces: Bool)
  /// Adds files to a directory.
  case existingDirectory(Path)
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

  /// Refuses a target that a save would refuse at its start; changes nothing.
  ///
  /// - Throws: The ``Diagnostics/Failure`` that the save would throw.
  public func check(for kind: OutputKind) throws(Failure) {
    switch try disposition(for: kind) {
    case .file(let target, replaces: false), .newDirectory(let target, replaces: false):
      do {
        try target.parent.checkWritable()
      } catch {
        throw .cannotCreate(target, error)
      }
    default: break
    }
  }

  private func archiveDisposition() throws(Failure) -> Disposition {
    guard let path else { return .stream }
    if let status = try? FileStatus.of(path), status.kind == .special { return .stream }
    let target = try followed(path)
    guard let status = try OutputTarget.status(of: target) else { return .file(target, replaces: false) }
    if status.kind == .directory { throw Failure(.cannotCreate, target.description, "is a directory") }
    if status.size > 0, !force { throw .exists(target) }
    return .file(target, replaces: true)
  }

  private func directoryDisposition(_ markers: [String]) throws(Failure) -> Disposition {
    guard let path else {
      throw Failure(.usage, "standard output", "a directory cannot be written to standard output (use -o)")
    }
    let target = try followed(path)
    guard let status = try OutputTarget.status(of: target) else {
      return .newDirectory(target, replaces: false)
    }
    guard status.kind == .directory else {
      throw Failure(.cannotCreate, target.description, "is not a directory")
    }
    if !force, markers.contains(where: { target.appending($0).exists }) { return .existingDirectory(target) }
    let isEmpty: Bool
    do {
      isEmpty = try target.directoryEntries().isEmpty
    } catch {
      throw error.failure
    }
    if !isEmpty, !force { throw .exists(target) }
    return .newDirectory(target, replaces: !isEmpty)
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

/// The path after following symbolic links; the last link may be dangling.
private func followed(_ path: Path) throws(Failure) -> Path {
  var path = path
  for _ in 0..<40 {
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

  /// The failure of a target that exists and is not empty.
  static func exists(_ target: Path) -> Failure {
    Failure(.cannotCreate, target.description, "exists and is not empty (--force replaces it)")
  }
}
