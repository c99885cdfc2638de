import Diagnostics
import Glibc
import POSIX

/// A new directory that gets its name only when complete, or an existing one to which files are added.
///
/// A new directory is built next to the target and renamed. Files added to an existing one are removed if the
/// object is destroyed before ``finish()`` or a signal ends the process.
public final class DirectoryOutput {
  /// The directory that the user named.
  let target: Path
  /// Whether files are added to an existing directory.
  let isAdding: Bool
  private let replaces: Bool
  private let synchronizes: Bool
  /// The current directory of the files.
  private let place: Path
  /// The paths to remove unless the directory is finished, in order of creation.
  private var made: [(path: Path, kind: CleanupRegistry.Kind)] = []
  /// The directories that contain written files.
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

  /// Creates a subdirectory, unless it exists.
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

  /// Writes a file with known bytes; replaces a file of the same name.
  public func write(_ name: String, _ bytes: [UInt8]) throws(Failure) {
    try file(name, bytes).finish(as: name)
  }

  private func file(_ name: String, _ bytes: [UInt8]) throws(Failure) -> DirectoryFile {
    let file = try newFile(name)
    try bytes.withBytes { buffer throws(Failure) in try file.write(buffer)
    }
    return file
  }

  /// Starts a file; its final name may be given when it is complete.
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

  /// Writes the file that completes the directory, and gives the directory its name.
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

  /// Gives the last file its name; from then on the directory keeps all added files.
  private func complete(with last: DirectoryFile, _ name: String) throws(SystemError) {
    try last.finish(replacing: place.appending(name), flush: synchronizes ? .bytesAndName : .nothing) {
      registry in
      for (path, _) in made { registry.keep(path) }
    } takeBack: { registry in
      for (path, kind) in made { registry.add(path, kind) }
    }
    made = []
  }

  /// Gives the directory its name; removes the replaced directory last.
  ///
  /// - Returns: Why the replaced directory could not be removed.
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
        // The names may not survive a crash: undo, rather than leave a name without a guarantee.
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

/// A file of a directory in progress.
public final class DirectoryFile {
  private let file: NewFile
  private let name: String
  private let directory: DirectoryOutput

  fileprivate init(_ file: NewFile, _ name: String, in directory: DirectoryOutput) {
    self.file = file
    self.name = name
    self.directory = directory
  }

  /// Appends bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    do {
      try file.write(bytes)
    } catch {
      throw directory.failure(error, name)
    }
  }

  /// Reserves disk space for a part of the file, if the file system supports it.
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
