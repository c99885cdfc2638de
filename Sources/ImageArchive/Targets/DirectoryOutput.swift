import Diagnostics
import Glibc
import POSIX

/// A directory that appears under its name only when it is complete, or to which files are added.
///
/// A new one is built beside the target and renamed. Files that were added to an existing one are removed again if
/// it is let go of before ``finish()``.
final class DirectoryOutput {
  /// The directory that the user named.
  let target: Path
  /// Whether files are added to a directory that exists already.
  let isAdding: Bool
  private let replaces: Bool
  private let synchronizes: Bool
  /// Where the files are now.
  private let place: Path
  private var added: [Path] = []
  private var isFinished = false

  /// Starts a directory.
  ///
  /// `isOurs` says of an existing non-empty directory whether files may be added to it; all others are refused,
  /// unless `force` replaces them.
  init(_ target: Path, force: Bool, synchronize: Bool, isOurs: (Path) -> Bool) throws(Failure) {
    self.target = try followed(target)
    synchronizes = synchronize
    var isAdding = false
    var replaces = false
    if let status = try? FileStatus.of(self.target) {
      guard status.kind == .directory else {
        throw Failure(.cannotCreate, self.target.description, "is not a directory")
      }
      do {
        let isEmpty = try self.target.directoryEntries().isEmpty
        isAdding = !force && !isEmpty && isOurs(self.target)
        replaces = force && !isEmpty
        if !isEmpty, !isAdding, !replaces { throw Failure.exists(self.target) }
      } catch let error as SystemError {
        throw error.failure
      } catch {
        throw Failure.exists(self.target)
      }
    }
    self.isAdding = isAdding
    self.replaces = replaces
    place = isAdding ? self.target : temporaryName(for: self.target)
    if isAdding { return }
    do {
      try place.makeDirectory()
    } catch {
      throw .cannotCreate(self.target, error)
    }
  }

  deinit {
    if isFinished { return }
    if isAdding {
      for path in added { try? path.unlink() }
    } else {
      try? place.removeTree()
    }
  }

  /// The contents of a file that is there already; nil if there is none.
  func existingFile(_ name: String, limit: Int) throws(Failure) -> [UInt8]? {
    do {
      return try place.appending(name).contents(limit: limit)
    } catch  where error.isNotFound {
      return nil
    } catch {
      throw error.failure
    }
  }

  /// Whether there is a file of this name.
  func hasFile(_ name: String) -> Bool { place.appending(name).exists }

  /// Creates a directory inside, if it is not there yet.
  func makeDirectory(_ name: String) throws(Failure) {
    let path = place.appending(name)
    if path.exists { return }
    do {
      try path.makeDirectory()
    } catch {
      throw .cannotCreate(path, error)
    }
  }

  /// Writes a file whose bytes are known, replacing one of the same name.
  func write(_ name: String, _ bytes: [UInt8]) throws(Failure) {
    let file = try newFile(name)
    let result = bytes.withUnsafeBytes { buffer in Result { () throws(Failure) in try file.write(buffer) } }
    try result.get()
    try file.finish(as: name)
  }

  /// Starts a file whose final name may be decided when it is complete.
  func newFile(_ name: String) throws(Failure) -> DirectoryFile {
    do {
      return DirectoryFile(try NewFile(for: place.appending(name)), in: self)
    } catch {
      throw error.failure
    }
  }

  fileprivate func finish(_ file: NewFile, as name: String) throws(Failure) {
    let path = place.appending(name)
    let isNew = !path.exists
    do {
      try file.finish(as: path, replacing: !isNew, synchronize: synchronizes)
    } catch {
      throw error.failure
    }
    if isAdding, isNew { added.append(path) }
  }

  /// Makes the directory appear under its name.
  func finish() throws(Failure) {
    do {
      if synchronizes { try synchronize(directory: place) }
      if !isAdding {
        if replaces {
          try place.exchange(with: target)
          try? place.removeTree()
        } else {
          try place.rename(to: target)
        }
      }
      if synchronizes { try synchronize(directory: target.parent) }
      isFinished = true
    } catch {
      throw error.alreadyExists || error.isNotEmpty ? .exists(target) : .cannotCreate(target, error)
    }
  }
}

/// A file in a directory that is being written.
final class DirectoryFile {
  private let file: NewFile
  private let directory: DirectoryOutput

  fileprivate init(_ file: NewFile, in directory: DirectoryOutput) {
    self.file = file
    self.directory = directory
  }

  /// Writes at the end.
  func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file.write(bytes)
    } catch {
      throw error.failure
    }
  }

  /// Writes at any place, from any thread; nil once the file is finished.
  var placed: PlacedOutput? { file.shared.map { PlacedOutput($0, name: directory.target.description) } }

  /// Gives the file its name.
  func finish(as name: String) throws(Failure) {
    try directory.finish(file, as: name)
  }
}
