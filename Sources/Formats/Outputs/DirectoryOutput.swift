import Diagnostics
import Glibc
import POSIX

/// A new directory that gets its name only when complete, or an existing one to which files are added.
///
/// A new directory is built next to the target and renamed. Files added to an existing one are removed if the
/// object is destroyed before ``finish(_:)`` or a signal ends the process.
public final class DirectoryOutput {
  /// The directory that the user named.
  let target: Path
  /// Whether files are added to an existing directory.
  let isAdding: Bool
  /// Whether other processes may add to the directory at the same time.
  private let isShared: Bool
  private let replaces: Disposition.Replacement
  private let options: OutputTarget
  /// The current directory of the files.
  private let place: Path
  /// The paths to remove unless the directory is finished, in order of creation.
  private var made: [(path: Path, kind: CleanupRegistry.Kind)] = []
  /// The files with their final names in an existing directory.
  private var files: [Path] = []
  /// The directories that contain written files.
  private var directories: [Path]
  /// Whether files of a directory can be created without a name.
  private var linksUnnamedFiles: [Path: Bool] = [:]

  /// Starts a directory for the files of a format.
  ///
  /// `disposition` is that of the target; `isShared`, whether several processes may add to one directory.
  public init(_ target: OutputTarget, _ disposition: Disposition, isShared: Bool) throws(Failure) {
    options = target
    self.isShared = isShared
    switch disposition {
    case .existingDirectory(let path, _): (self.target, isAdding, replaces) = (path, true, .nothing)
    case .newDirectory(let path, let replaces): (self.target, isAdding, self.replaces) = (path, false, replaces)
    case .stream, .file, .emptyFile: throw Failure(.internalError, "target", "is not a directory")
    }
    let place =
      switch (isAdding, replaces) {
      case (true, _): self.target
      case (false, .contents): temporaryName(for: self.target.appending("new"))
      case (false, _): temporaryName(for: self.target)
      }
    self.place = place
    directories = [place]
    do {
      if isAdding { try place.checkWritable() }
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
    do {
      if path.exists { return try path.checkWritable() }
      try CleanupRegistry.change { registry throws(SystemError) in
        if !isAdding { return try path.makeDirectory() }
        try registry.make(path, .emptyDirectory) { () throws(SystemError) in try path.makeDirectory() }
        made.append((path, .emptyDirectory))
      }
    } catch {
      // Another process that adds to the directory may have been faster.
      if error.alreadyExists { return }
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

  /// Relies on a file that the directory already has: if it is gone at the end, the directory is not finished.
  public func keep(_ name: String) {
    files.append(place.appending(name))
  }

  /// Starts a file; its final name may be given when it is complete.
  public func newFile(_ name: String) throws(Failure) -> DirectoryFile {
    let path = place.appending(name)
    let parent = path.parent
    let isUnnamed = linksUnnamedFiles[parent] ?? options.naming.linksUnnamedFiles(in: parent)
    linksUnnamedFiles[parent] = isUnnamed
    do {
      return DirectoryFile(try NewFile(for: path, options.naming, isUnnamed: isUnnamed), name, in: self)
    } catch {
      throw failure(error, name)
    }
  }

  func failure(_ error: SystemError, _ name: String) -> Failure {
    Failure(error.failure.kind, target.appending(name).description, error.reason)
  }

  func finish(_ file: NewFile, as name: String) throws(Failure) {
    let path = place.appending(name)
    let isNew = !path.exists
    do {
      try file.finish(as: path, replacing: !isNew, flush: options.synchronize ? .bytes : .nothing) { registry in
        // Another process that adds to the directory may replace the file by its own.
        if isAdding, isNew, let status = try? FileStatus.ofLink(path) {
          registry.add(path, .ownFile(status))
          made.append((path, .ownFile(status)))
        }
      }
    } catch  where isShared && error.alreadyExists {
      // Another process was faster; its file has the same digest.
    } catch {
      throw failure(error, name)
    }
    if isAdding { files.append(path) }
  }

  /// Writes the file that completes the directory, and gives the directory its name.
  ///
  /// `make` returns the file. If others may add to the directory, it runs while they wait.
  public func finish(_ make: () throws(Failure) -> (name: String, bytes: [UInt8])) throws(Failure) {
    if isAdding { return try complete(make) }
    let (name, bytes) = try make()
    try write(name, bytes)
    let replacement = DirectoryReplacement(
      target: target, place: place, last: Path(name), naming: options.naming)
    var replaced: (path: Path, error: SystemError)?
    let lock = if case .nothing = replaces { DirectoryLock?.none } else { try lock() }
    defer { lock?.release() }
    do {
      try synchronizeDirectories()
      replaced = try appear(replacement)
    } catch {
      throw error.alreadyExists || error.isNotEmpty ? .exists(target) : .cannotCreate(target, error)
    }
    if let (path, error) = replaced {
      let reason = "was written, but the replaced directory was left as \(path): \(error.reason)"
      throw Failure(error.failure.kind, target.description, reason)
    }
  }

  private func synchronizeDirectories() throws(SystemError) {
    guard options.synchronize else { return }
    for directory in directories.reversed() { try synchronize(directory: directory) }
  }

  /// Writes the last file; from then on the directory keeps all added files.
  private func complete(_ make: () throws(Failure) -> (name: String, bytes: [UInt8])) throws(Failure) {
    let lock = try lock()
    defer { lock?.release() }
    if let lost = files.first(where: { !$0.exists }) {
      throw Failure(.tryAgain, lost.description, "was removed by another process")
    }
    let (name, bytes) = try make()
    let path = place.appending(name)
    let last = try file(name, bytes)
    do {
      try synchronizeDirectories()
      try last.file.finish(
        as: path, replacing: isShared && path.exists, flush: options.synchronize ? .bytesAndName : .nothing
      ) { registry in
        for (path, _) in made { registry.keep(path) }
      } takeBack: { registry in
        for (path, kind) in made { registry.add(path, kind) }
      }
    } catch {
      throw error.alreadyExists ? .exists(target) : .cannotCreate(target, error)
    }
    made = []
  }

  /// Excludes other processes that add to the directory, if it can be locked.
  private func lock() throws(Failure) -> DirectoryLock? {
    guard isShared else { return nil }
    do {
      return try DirectoryLock.take(target, seconds: options.patience)
    } catch {
      let reason = "is locked by another process for \(options.patience) seconds"
      throw Failure(.tryAgain, target.description, reason)
    }
  }

  /// Gives the directory its name; removes the replaced directory last.
  ///
  /// - Returns: The replaced directory and the reason, if it could not be removed.
  private func appear(_ replacement: DirectoryReplacement) throws(SystemError) -> (Path, SystemError)? {
    var outcome: DirectoryReplacement.Outcome?
    try CleanupRegistry.change { registry throws(SystemError) in
      switch replaces {
      case .nothing:
        try place.rename(to: target)
        registry.keep(place)
        made = []
      case .directory: outcome = try replacement.replace(&registry)
      case .contents: outcome = try replacement.refill(&registry)
      }
    }
    if options.synchronize {
      do {
        if case .refilled = outcome { try synchronize(directory: target) }
        try synchronize(directory: target.parent)
      } catch {
        // The names may not survive a crash: undo, rather than leave a name without a guarantee.
        try? CleanupRegistry.change { registry throws(SystemError) in
          if let outcome { try replacement.undo(outcome, &registry) } else { try target.removeTree() }
        }
        throw error
      }
    }
    let old: Path
    switch outcome {
    case .exchanged: old = place
    case .movedAside(let aside): old = aside
    case .refilled, nil: return nil
    }
    var reason: SystemError?
    try CleanupRegistry.change { registry throws(SystemError) in reason = registry.remove(old) }
    made = []
    return reason.map { (old, $0) }
  }
}
