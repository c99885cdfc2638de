import Diagnostics
import Glibc
import POSIX

extension SystemError {
  /// The failure of a layer's directory or file: damage only if the file itself is the cause.
  ///
  /// Adds advice if permission is missing.
  func layerFailure(at path: Path) -> Failure {
    if isPermission {
      return Failure(
        .noPermission, path.description,
        "\(reason) (for a rootless store run under `podman unshare` or `unshare -U --map-root-user --map-auto`)"
      )
    }
    guard isWrongFile else { return Failure(failure.kind, path.description, reason) }
    return Failure(
      .badData, path.description, code == ENOENT ? "the contents of the layer are missing" : reason)
  }
}

extension Path {
  /// Reads a small file of a layer, of at most `limit` bytes.
  func layerContents(limit: Int) throws(Failure) -> [UInt8] {
    do {
      return try contents(limit: limit)
    } catch {
      if case .system(let error) = error { throw error.layerFailure(at: self) }
      throw error.failure
    }
  }

  /// The target of a symbolic link of a layer; nil if there is none.
  func layerLink() throws(Failure) -> Path? {
    do {
      return try linkTarget()
    } catch {
      // EINVAL: a file of another kind.
      if error.isWrongFile || error.code == EINVAL || error.isPermission { return nil }
      throw error.layerFailure(at: self)
    }
  }
}

extension [Path] {
  /// The first path that exists; nil if none does.
  ///
  /// - Throws: The first failure to look at a path, if no other path exists.
  func firstPresent() throws(Failure) -> Path? {
    var unknown: Failure?
    for path in self {
      do {
        if try path.isPresent() { return path }
      } catch {
        unknown = unknown ?? error.layerFailure(at: path)
      }
    }
    if let unknown { throw unknown }
    return nil
  }
}
