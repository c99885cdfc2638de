import Diagnostics
import Glibc
import POSIX

/// A file that is written before it gets its name.
///
/// It has no name at all if the file system supports that, so that no file can be left over. Otherwise it has a
/// temporary name, `.NAME.img-…`, which is removed with this object or when a signal ends the process. An existing
/// empty file that cannot be replaced is written in place, and emptied in both cases.
final class NewFile {
  private let target: Path
  private let naming: Naming
  private var file: FileDescriptor?
  /// The temporary name of the file.
  private var temporary: Path?
  /// Whether the file has its final name from the start.
  private var isInPlace = false

  /// Starts a file in the directory of its final path; without a name if `isUnnamed` and that is possible.
  init(for target: Path, _ naming: Naming, isUnnamed: Bool) throws(SystemError) {
    self.target = target
    self.naming = naming
    if isUnnamed {
      do {
        file = try naming.openUnnamed(in: target.parent)
        return
      } catch  where error.isUnsupported || error.code == EISDIR {
        // A kernel or file system without O_TMPFILE.
      }
    }
    let path = temporaryName(for: target)
    try CleanupRegistry.change { registry throws(SystemError) in
      try registry.make(path, .file) { () throws(SystemError) in
        file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o666)
      }
    }
    temporary = path
  }

  /// Starts a file in the directory of its final path.
  convenience init(for target: Path, _ naming: Naming) throws(SystemError) {
    try self.init(for: target, naming, isUnnamed: naming.linksUnnamedFiles(in: target.parent))
  }

  /// Starts a file that replaces another one and has its owner, group and mode.
  convenience init(for target: Path, like old: FileStatus, _ naming: Naming) throws(SystemError) {
    try self.init(for: target, naming)
    try file?.takeOwnership(of: old, target.description)
  }

  /// Starts to write an existing empty file in place.
  init(inPlace target: Path) throws(SystemError) {
    self.target = target
    naming = Naming()
    let opened = try FileDescriptor.open(target, O_RDWR | O_NOCTTY)
    // Another process may have written to it.
    if try opened.status(target.description).size > 0 { throw SystemError("open", target, code: EEXIST) }
    let shared = opened.shared
    file = consume opened
    try CleanupRegistry.change { registry throws(SystemError) in
      try registry.make(target, .contents(shared)) {}
    }
    isInPlace = true
  }

  /// Starts a file that never gets a name, in a directory.
  static func nameless(in directory: Path) throws(SystemError) -> NewFile {
    let file = try NewFile(for: directory.appending("spool"), Naming(), isUnnamed: true)
    file.forgetName()
    return file
  }

  deinit {
    forgetName()
  }

  /// Removes the temporary name, or empties the file if it has no other.
  private func forgetName() {
    guard let name = isInPlace ? target : temporary else { return }
    try? CleanupRegistry.change { registry throws(SystemError) in registry.remove(name) }
    temporary = nil
    isInPlace = false
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
    if isInPlace { return try finishInPlace(flush) }
    guard let file = file.take() else { return }
    let target = name ?? target
    if flush != .nothing { try file.synchronize(target.description) }
    try file.reportWrites(target.description)
    if temporary == nil, !replacing {
      try CleanupRegistry.change { registry throws(SystemError) in
        try naming.link(file, as: target)
        commit(&registry)
      }
    } else {
      let temporary = try linked(file, for: target)
      try file.close(target.description)
      try CleanupRegistry.change { registry throws(SystemError) in
        let keepsOld =
          replacing && flush == .bytesAndName && (try? naming.exchange(temporary, with: target)) != nil
        if !keepsOld {
          if replacing {
            try temporary.rename(to: target)
          } else {
            try naming.rename(temporary, exclusivelyTo: target)
          }
          registry.keep(temporary)
          self.temporary = nil
        }
        commit(&registry)
      }
    }
    if flush == .bytesAndName {
      try synchronize(nameOf: target) { registry throws(SystemError) in
        // The previous file has the temporary name.
        if let temporary {
          try naming.exchange(temporary, with: target)
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

  /// Keeps what was written to an existing file.
  private func finishInPlace(_ flush: Flush) throws(SystemError) {
    if flush != .nothing { try file?.synchronize(target.description) }
    try file?.reportWrites(target.description)
    try CleanupRegistry.change { registry throws(SystemError) in registry.keep(target) }
    isInPlace = false
    file = nil
  }

  /// The temporary name; an unnamed file gets one first, because replacing a file needs a rename.
  private func linked(_ file: borrowing FileDescriptor, for target: Path) throws(SystemError) -> Path {
    if let temporary { return temporary }
    let name = temporaryName(for: target)
    try CleanupRegistry.change { registry throws(SystemError) in
      try registry.make(name, .file) { () throws(SystemError) in try naming.link(file, as: name) }
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
