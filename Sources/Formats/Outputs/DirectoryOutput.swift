import Diagnostics
import Glibc
import POSIX

/// A directory that appears under its name only when it is complete, or to which files are added.
///
/// A new one is built beside the target and renamed. What was added to an existing one is removed again if the
/// object goes away before ``finish()``, or if a signal ends the process.
public final class DirectoryOutput {
  /// The directory that the user named.
  let target: Path
  /// Whether files are added to a directory that exists already.
  let isAdding: Bool
  private let replaces: Bool
  private let synchronizes: Bool
  /// Where the files are now.
  private let place: Path
  /// The names that go away unless the directory is finished, in the order they were made.
  private var made: [(path: Path, kind: CleanupRegistry.Kind)] = []
  /// The directories that files were written to.
  private var directories: [Path]

  /// Starts a directory for the files of a format.
  public init(_ target: OutputTarget, markers: [String]) throws(Failure) {
    synchronizes = target.synchronize
    switch try target.disposition(for: .directory(markers: markers)) {
    case .existingDirectory(let path): (self.target, isAdding, replaces) = (path, true, false)
    case .newDirectory(let path, let replaces): (self.target, isAdding, self.replaces) = (path, false, replaces)
    case .stream, .file: throw Failure(.internalError, "target", "is not a directory")
    }
    let place = isAdding ? self.target : temporaryName(for: self.target)
    self.place = place
    directories = [place]
    do {
      try CleanupRegistry.change { registry throws(SystemError) in
        if isAdding { return registry.watch() }
        try registry.make(place, .tree) { () throws(SystemError) in try place.makeDirectory() }
      }
      if !isAdding { made = [(place, .tree)] }
    } catch {
      throw .cannotCreate(self.target, error)
    }
  }

  deinit {
    if made.isEmpty { return }
    try? CleanupRegistry.change { registry throws(SystemError) in
      for (path, _) in made.reversed() { registry.remove(path) }
    }
  }

  /// Creates a directory inside, if it is not there yet.
  public func makeDirectory(_ name: String) throws(Failure) {
    let path = place.appending(name)
    directories.append(path)
    if path.exists { return }
    do {
      try CleanupRegistry.change { registry throws(SystemError) in
        if !isAdding { return try path.makeDirectory() }
        try registry.make(path, .emptyDirectory) { () throws(SystemError) in try path.makeDirectory() }
        made.append((path, .emptyDirectory))
      }
    } catch {
      throw .cannotCreate(target.appending(name), error)
    }
  }

  /// Writes a file whose bytes are known, replacing one of the same name.
  public func write(_ name: String, _ bytes: [UInt8]) throws(Failure) {
    try file(name, bytes).finish(as: name)
  }

  private func file(_ name: String, _ bytes: [UInt8]) throws(Failure) -> DirectoryFile {
    let file = try newFile(name)
    try bytes.withBytes { buffer throws(Failure) in try file.write(buffer)
    }
    return file
  }

  /// Starts a file whose final name may be decided when it is complete.
  public func newFile(_ name: String) throws(Failure) -> DirectoryFile {
    do {
      return DirectoryFile(try NewFile(for: place.appending(name)), name, in: self)
    } catch {
      throw failure(error, name)
    }
  }

  fileprivate func failure(_ error: SystemError, _ name: String) -> Failure {
    Failure(error.failure.kind, target.appending(name).description, error.reason)
  }

  fileprivate func finish(_ file: NewFile, as name: String) throws(Failure) {
    let path = place.appending(name)
    let isNew = !path.exists
    do {
      try file.finish(as: path, replacing: !isNew, flush: synchronizes ? .bytes : .nothing) { registry in
        if isAdding, isNew {
          registry.add(path, .file)
          made.append((path, .file))
        }
      }
    } catch {
      throw failure(error, name)
    }
  }

  /// Writes the file that makes the directory complete, and makes it appear under its name.
  public func finish(_ name: String, _ bytes: [UInt8]) throws(Failure) {
    let last = try file(name, bytes)
    if !isAdding { try last.finish(as: name) }
    var replaced: SystemError?
    do {
      if synchronizes {
        for directory in directories.reversed() { try synchronize(directory: directory) }
      }
      if isAdding {
        try complete(with: last, name)
      } else {
        replaced = try appear()
      }
    } catch {
      throw error.alreadyExists || error.isNotEmpty ? .exists(target) : .cannotCreate(target, error)
    }
    if let replaced {
      let reason = "was written, but the replaced directory was left as \(place): \(replaced.reason)"
      throw Failure(replaced.failure.kind, target.description, reason)
    }
  }

  /// Gives the last file its name: from then on all that was added belongs to the directory.
  private func complete(with last: DirectoryFile, _ name: String) throws(SystemError) {
    try last.finish(replacing: place.appending(name), flush: synchronizes ? .bytesAndName : .nothing) {
      registry in
      for (path, _) in made { registry.keep(path) }
    } takeBack: { registry in
      for (path, kind) in made { registry.add(path, kind) }
    }
    made = []
  }

  /// Gives the directory its name; what had it before is removed at the very end.
  ///
  /// - Returns: Why that was not possible.
  private func appear() throws(SystemError) -> SystemError? {
    try CleanupRegistry.change { registry throws(SystemError) in
      if replaces {
        try place.exchange(with: target)
      } else {
        try place.rename(to: target)
        registry.keep(place)
        made = []
      }
    }
    if synchronizes {
      do {
        try synchronize(directory: target.parent)
      } catch {
        // Whether the names survive is not known: better none than one that was not promised.
        try? CleanupRegistry.change { registry throws(SystemError) in
          if replaces {
            try place.exchange(with: target)
          } else {
            try target.removeTree()
          }
        }
        throw error
      }
    }
    guard replaces else { return nil }
    var reason: SystemError?
    try CleanupRegistry.change { registry throws(SystemError) in reason = registry.remove(place) }
    made = []
    return reason
  }
}

/// A file in a directory that is being written.
public final class DirectoryFile {
  private let file: NewFile
  private let name: String
  private let directory: DirectoryOutput

  fileprivate init(_ file: NewFile, _ name: String, in directory: DirectoryOutput) {
    self.file = file
    self.name = name
    self.directory = directory
  }

  /// Writes at the end.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file.write(bytes)
    } catch {
      throw directory.failure(error, name)
    }
  }

  /// Reserves room for a part of the file, where the file system can.
  public func reserve(_ part: Range<UInt64>) throws(Failure) {
    do {
      try file.shared?.reserve(part, name)
    } catch {
      throw directory.failure(error, name)
    }
  }

  /// Gives the file its name.
  public func finish(as name: String) throws(Failure) {
    try directory.finish(file, as: name)
  }

  fileprivate func finish(
    replacing path: Path, flush: NewFile.Flush,
    commit: (inout CleanupRegistry) -> Void, takeBack: (inout CleanupRegistry) -> Void
  ) throws(SystemError) {
    try file.finish(as: path, replacing: true, flush: flush, commit: commit, takeBack: takeBack)
  }
}
