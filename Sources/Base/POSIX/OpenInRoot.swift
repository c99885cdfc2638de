import CLinux
import Glibc

extension FileDescriptor {
  /// Opens a file below this directory as if the directory were the root of the file system.
  ///
  /// Follows symbolic links, but never leaves the directory; `..` at the top stays at the top. Neither blocks
  /// on a FIFO nor makes a terminal the controlling one.
  public borrowing func open(inRoot path: UnsafePointer<CChar>) throws(SystemError) -> FileDescriptor {
    do {
      return try openByKernel(path)
    } catch  where error.code == ENOSYS || error.code == EPERM {
      // Linux before 5.6 lacks openat2(2), and seccomp filters of containers refuse it with either error. If
      // the file itself is the cause, the walk ends with the same error.
      return try openByWalk(path)
    }
  }

  private borrowing func openByKernel(_ path: UnsafePointer<CChar>) throws(SystemError) -> FileDescriptor {
    let directory = number
    let descriptor = try retrying("openat2", String(cString: path)) {
      for _ in 0..<8 {
        let result = img_openat2(
          directory, path, UInt64(readingFlags), IMG_RESOLVE_IN_ROOT | IMG_RESOLVE_NO_MAGICLINKS)
        // EAGAIN: a concurrent rename; the kernel asks for a retry.
        if result >= 0 || errno != EAGAIN { return Int(result) }
      }
      return -1
    }
    return FileDescriptor(owning: CInt(descriptor))
  }

  /// Opens a file component by component.
  borrowing func openByWalk(_ path: UnsafePointer<CChar>) throws(SystemError) -> FileDescriptor {
    var walk = RootWalk(from: number, path)
    return FileDescriptor(owning: try walk.open())
  }
}

private let readingFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC

/// Resolves a path component by component, opening each in the one before without following links.
private struct RootWalk {
  private typealias Component = ArraySlice<UInt8>

  private let root: CInt
  private let path: [UInt8]
  /// The remaining components, the next one last.
  private var ahead: [Component] = []
  /// The components from the root to the current directory; none is a link or a dot.
  private var walked: [Component] = []
  private var links = 0
  private var steps = 0

  /// The kernel's limit of links in a path, and a limit of components far above any honest path.
  private static let linkLimit = 40
  private static let stepLimit = 1 << 16

  init(from root: CInt, _ path: UnsafePointer<CChar>) {
    self.root = root
    self.path = Path(cString: path).bytes
  }

  /// Opens the file at the end of the path; the caller owns the descriptor.
  mutating func open() throws(SystemError) -> CInt {
    if path.isEmpty { throw failure(ENOENT) }
    if path.count >= Int(PATH_MAX) { throw failure(ENAMETOOLONG) }
    push(path)
    // nil is the root itself.
    var current: FileDescriptor?
    while let component = ahead.popLast() {
      steps += 1
      if steps > RootWalk.stepLimit { throw failure(ELOOP) }
      if component.elementsEqual(".".utf8) { continue }
      if component.elementsEqual("..".utf8) {
        // Restart at the root: an open directory may have been moved, and its parent may be outside.
        if walked.popLast() != nil { restart(&current) }
        continue
      }
      let isLast = ahead.isEmpty
      let directory = current?.number ?? root
      let flags = isLast ? readingFlags : IMG_O_PATH | O_DIRECTORY | O_CLOEXEC
      do {
        let next = try enter(component, in: directory, flags)
        if isLast { return next }
        current = FileDescriptor(owning: next)
        walked.append(component)
      } catch  where error.code == ELOOP || error.code == ENOTDIR {
        guard let target = try target(of: component, in: directory) else { throw error }
        links += 1
        if links > RootWalk.linkLimit { throw failure(ELOOP) }
        push(target)
        if target.first == 0x2F {
          walked = []
          current = nil
        }
      }
    }
    return try enter(Array(".".utf8)[...], in: current?.number ?? root, readingFlags)
  }

  /// Puts the components of a path before the remaining ones.
  ///
  /// A trailing slash requires a directory, as a trailing dot does.
  private mutating func push(_ path: [UInt8]) {
    if path.last == 0x2F { ahead.append(Array(".".utf8)[...]) }
    ahead += path.split(separator: 0x2F).reversed()
  }

  private mutating func restart(_ current: inout FileDescriptor?) {
    ahead += walked.reversed()
    walked = []
    current = nil
  }

  private func enter(_ component: Component, in directory: CInt, _ flags: CInt) throws(SystemError) -> CInt {
    CInt(
      try retrying("openat", String(decoding: path, as: UTF8.self)) {
        Path(component).withCString { Int(openat(directory, $0, flags | O_NOFOLLOW)) }
      })
  }

  /// The target of a symbolic link; nil for any other file.
  private func target(of component: Component, in directory: CInt) throws(SystemError) -> [UInt8]? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = Path(component).withCString { readlinkat(directory, $0, &buffer, buffer.count) }
    if count >= 0 { return buffer[..<count].map(UInt8.init(bitPattern:)) }
    if errno == EINVAL { return nil }
    throw failure(errno)
  }

  private func failure(_ code: CInt) -> SystemError {
    SystemError("openat", String(decoding: path, as: UTF8.self), code: code)
  }
}
