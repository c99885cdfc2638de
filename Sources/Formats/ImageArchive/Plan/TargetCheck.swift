import Diagnostics
import Glibc
import POSIX

/// What a format makes of its target.
public enum TargetKind: Sendable {
  /// A file or a stream.
  case file
  /// A directory that must be new.
  case directory
  /// A directory that may be added to.
  case layout
}

extension ArchiveTarget {
  /// Refuses what a write to the target would refuse at its start; changes nothing.
  ///
  /// - Throws: A ``Failure`` as the write would throw it.
  public func check(as kind: TargetKind) throws(Failure) {
    guard let path else { return }
    let target = try followed(path)
    let status: FileStatus
    do {
      status = try FileStatus.of(target)
    } catch {
      guard error.isNotFound else { throw .cannotCreate(target, error) }
      return try checkParent(of: target)
    }
    if kind != .file {
      try checkExistingDirectory(target, status, mayAdd: kind == .layout)
    } else if status.kind == .directory {
      throw Failure(.cannotCreate, target.description, "is a directory")
    } else if status.kind == .regular, status.size > 0, !force {
      throw .exists(target)
    }
  }

  private func checkExistingDirectory(_ target: Path, _ status: FileStatus, mayAdd: Bool) throws(Failure) {
    guard status.kind == .directory else {
      throw Failure(.cannotCreate, target.description, "is not a directory")
    }
    if force || (mayAdd && OCILayout.isLayout(target)) { return }
    do {
      if try !target.directoryEntries().isEmpty { throw Failure.exists(target) }
    } catch let error as SystemError {
      throw error.failure
    } catch {
      throw Failure.exists(target)
    }
  }

  private func checkParent(of target: Path) throws(Failure) {
    do {
      try target.parent.checkWritable()
    } catch {
      throw .cannotCreate(target, error)
    }
  }
}

extension ArchiveImage {
  /// Refuses layers that the store cannot deliver, as far as that can be told without reading one.
  ///
  /// - Throws: A ``Failure`` as the write would throw it.
  public func checkLayers() throws(Failure) {
    for layer in layers { _ = try layer.open() }
  }
}

extension OCILayout {
  /// Whether a directory is a layout, as far as its files show.
  fileprivate static func isLayout(_ path: Path) -> Bool {
    path.appending(marker).exists || path.appending(index).exists
  }
}
