import Diagnostics
import Glibc
import POSIX

/// A file that is written before it gets its name.
///
/// It has no name at all if the file system supports that, so that no file can be left over. Otherwise it has a
/// temporary name, `.NAME.img-…`, which is removed with this object or when a signal ends the process.
final class NewFile {
  private let target: Path
  private var file: FileDescriptor?
  private var temporary: Path?

  /// Starts a file in the directory of its final path.
  init(for target: Path) throws(SystemError) {
    self.target = target
    do {
      file = try FileDescriptor.open(target.parent, O_RDWR | unnamedFileFlag, mode: 0o666)
    } catch  where [EOPNOTSUPP, EISDIR, EINVAL].contains(error.code) {
      let path = temporaryName(for: target)
      try CleanupRegistry.change { registry throws(SystemError) in
        try registry.make(path, .file) { () throws(SystemError) in
          file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o666)
        }
      }
      temporary = path
    }
  }

  /// Starts a file that never gets a name, in a directory.
  static func nameless(in directory: Path) throws(SystemError) -> NewFile {
    let file = try NewFile(for: directory.appending("spool"))
    file.forgetName()
    return file
  }

  deinit {
    forgetName()
  }

  private func forgetName() {
    guard let temporary else { return }
    try? CleanupRegistry.change { registry throws(SystemError) in registry.remove(temporary) }
    self.temporary = nil
  }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    try file?.write(bytes, target.description)
  }

  /// The open file for writing at any offset, from any thread; nil after it is finished.
  var shared: SharedDescriptor? {
    switch file {
    case .some(let file): file.shared
    case nil: nil
    }
  }

  /// Reads from an offset until the buffer is full or the file ends.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) -> Int {
    try file?.read(into: buffer, at: offset, target.description) ?? 0
  }

  /// What to flush to the disk before a file counts as written.
  enum Flush {
    case nothing
    case bytes
    case bytesAndName
  }

  /// Gives the file its name, or another one in the same directory, after confirming the last write.
  ///
  /// Replaces an existing file only if `replacing`; otherwise the error is EEXIST. `commit` registers the name
  /// in the same step. If the name cannot be flushed, the previous file gets it back and `takeBack` is called;
  /// the previous file is lost only if the file system cannot exchange names.
  func finish(
    as name: Path? = nil, replacing: Bool, flush: Flush,
    commit: (inout CleanupRegistry) -> Void = { _ in }, takeBack: (inout CleanupRegistry) -> Void = { _ in }
  ) throws(SystemError) {
    guard let file = file.take() else { return }
    let target = name ?? target
    if flush != .nothing { try file.synchronize(target.description) }
    try file.reportWrites(target.description)
    var keepsOld = false
    if temporary == nil, !replacing {
      try CleanupRegistry.change { registry throws(SystemError) in
        try file.link(as: target)
        commit(&registry)
      }
    } else {
      let temporary = try linked(file, for: target)
      try file.close(target.description)
      try CleanupRegistry.change { registry throws(SystemError) in
        keepsOld = replacing && flush == .bytesAndName && (try? temporary.exchange(with: target)) != nil
        if !keepsOld {
          try temporary.rename(to: target, replacing: replacing)
          registry.keep(temporary)
          self.temporary = nil
        }
        commit(&registry)
      }
    }
    if flush == .bytesAndName {
      try synchronize(nameOf: target) { registry throws(SystemError) in
        if keepsOld {
          try temporary?.exchange(with: target)
        } else if !replacing {
          try target.unlink()
        } else {
          return
        }
        takeBack(&registry)
      }
    }
    forgetName()
  }

  /// The temporary name; an unnamed file gets one first, because replacing a file needs a rename.
  private func linked(_ file: borrowing FileDescriptor, for target: Path) throws(SystemError) -> Path {
    if let temporary { return temporary }
    let name = temporaryName(for: target)
    try CleanupRegistry.change { registry throws(SystemError) in
      try registry.make(name, .file) { () throws(SystemError) in try file.link(as: name) }
    }
    temporary = name
    return name
  }

  private func synchronize(
    nameOf target: Path, takeBack: (inout CleanupRegistry) throws(SystemError) -> Void
  ) throws(SystemError) {
    do {
      try Outputs.synchronize(directory: target.parent)
    } catch {
      try? CleanupRegistry.change(takeBack)
      throw error
    }
  }
}

/// An unused name next to a path, which shows where a leftover comes from.
func temporaryName(for target: Path) -> Path {
  let unique = String(UInt64.random(in: .min ... .max), radix: 36)
  return target.parent.appending(Path(Array(".".utf8) + target.lastComponent.bytes.prefix(200)))
    .withSuffix(".img-\(unique)")
}

/// Flushes a directory, so that the names in it survive a crash.
func synchronize(directory path: Path) throws(SystemError) {
  let directory = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY)
  try directory.synchronize(path.description)
}
