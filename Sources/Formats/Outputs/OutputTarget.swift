import Diagnostics
import POSIX

/// Where an output goes, and how.
public struct OutputTarget: Sendable {
  /// The file or directory; nil is standard output.
  public var path: Path?
  /// Whether something that exists is replaced.
  public var force = false
  /// Whether everything is flushed to the disk before success is reported.
  public var synchronize = false
  /// Whether ``ArchiveOutput/finish()`` returns size and digest of the output as a whole.
  public var summarizes = false

  /// A target at a path.
  public init(path: Path?) {
    self.path = path
  }
}

/// What a format writes.
public enum OutputKind: Sendable {
  /// One file or stream.
  case archive
  /// A directory; one that holds a file of one of these names is added to, any other must be new or empty.
  case directory(markers: [String])
}

/// What a save does with its target.
public enum Disposition: Sendable {
  /// Writes in place: standard output, a FIFO or a device.
  case stream
  /// Makes a file, or replaces one.
  case file(Path, replaces: Bool)
  /// Makes a directory, or replaces one.
  case newDirectory(Path, replaces: Bool)
  /// Adds files to a directory.
  case existingDirectory(Path)
}

extension OutputTarget {
  /// Looks at the target and decides what a save does with it; changes nothing.
  ///
  /// - Throws: A ``Diagnostics/Failure`` for a target that a save must not or cannot touch.
  public func disposition(for kind: OutputKind) throws(Failure) -> Disposition {
    switch kind {
    case .archive: return try archiveDisposition()
    case .directory(let markers): return try directoryDisposition(markers)
    }
  }

  /// Refuses what a save to the target would refuse at its start; changes nothing.
  ///
  /// - Throws: A ``Diagnostics/Failure`` as the save would throw it.
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
      // A path through something that is no directory is refused when the file is made.
      return nil
    } catch {
      throw .cannotCreate(target, error)
    }
  }
}

/// The path that symbolic links lead to; the last one may lead to nothing yet.
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
  /// A target that cannot be made.
  static func cannotCreate(_ target: Path, _ error: SystemError) -> Failure {
    let kind: Failure.Kind =
      error.isPermission ? .noPermission : error.isDeviceTrouble ? .inputOutput : .cannotCreate
    return Failure(kind, target.description, error.reason)
  }

  /// A target that holds something already.
  static func exists(_ target: Path) -> Failure {
    Failure(.cannotCreate, target.description, "exists and is not empty (--force replaces it)")
  }
}
