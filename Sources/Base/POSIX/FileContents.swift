import CLinux
import Diagnostics
import Glibc

/// Why a whole file could not be read.
public enum FileReadError: Error, Sendable {
  /// A system call failed.
  case system(SystemError)
  /// The file is not a regular file.
  case notRegular(Path)
  /// The file is longer than the limit, in bytes.
  case tooLarge(Path, limit: Int)

  /// Whether the file does not exist.
  public var isNotFound: Bool {
    if case .system(let error) = self { error.isNotFound } else { false }
  }

  /// The failure to report if the caller has nothing more specific.
  public var failure: Failure {
    switch self {
    case .system(let error): error.failure
    case .notRegular(let path): Failure(.badData, path.description, "not a regular file")
    case .tooLarge(let path, let limit): Failure(.badData, path.description, "longer than \(limit) bytes")
    }
  }
}

extension FileDescriptor {
  /// Opens a regular file for reading; never blocks on a FIFO or a device, and refuses both.
  public static func openRegular(_ path: Path) throws(FileReadError) -> FileDescriptor {
    let file = try converting(FileReadError.system) { () throws(SystemError) in
      try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    }
    let status = try converting(FileReadError.system) { () throws(SystemError) in
      try file.status(path.description)
    }
    guard status.kind == .regular else { throw .notRegular(path) }
    return file
  }
}

extension Path {
  /// Reads a whole regular file of at most `limit` bytes; never blocks on a FIFO or a device.
  public func contents(limit: Int) throws(FileReadError) -> [UInt8] {
    let file = try FileDescriptor.openRegular(self)
    let status = try converting(FileReadError.system) { () throws(SystemError) in
      try file.status(description)
    }
    guard status.size <= UInt64(limit) else { throw .tooLarge(self, limit: limit) }
    // Not zeroed first: that takes as long as to read it.
    var failure: SystemError?
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, count in
      img_prefer_huge_pages(buffer.baseAddress, buffer.count)
      do throws(SystemError) {
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer), description)
      } catch {
        failure = error
      }
    }
    if let failure { throw .system(failure) }
    return bytes
  }

  /// Reads a file of any kind but a directory to its end, at most `limit` bytes.
  ///
  /// Waits for the writer of a FIFO, and for the input of a terminal. For files that the user has named; use
  /// ``contents(limit:)`` for all others.
  public func contentsOfAnyKind(limit: Int) throws(FileReadError) -> [UInt8] {
    let file = try converting(FileReadError.system) { () throws(SystemError) in
      try FileDescriptor.open(self, O_RDONLY | O_NOCTTY)
    }
    let status = try converting(FileReadError.system) { () throws(SystemError) in
      try file.status(description)
    }
    guard status.kind != .directory else { throw .notRegular(self) }
    let bytes = try converting(FileReadError.system) { () throws(SystemError) in
      try file.readToEnd(limit: limit, description)
    }
    guard let bytes else { throw .tooLarge(self, limit: limit) }
    return bytes
  }
}

extension FileDescriptor {
  /// Reads to the end of the file, at most `limit` bytes; nil if there is more.
  public borrowing func readToEnd(limit: Int, _ subject: String) throws(SystemError) -> [UInt8]? {
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try chunk.withMutableBytes { buffer throws(SystemError) in
        try readSome(into: buffer, subject)
      }
      if count == 0 { return result }
      if result.count + count > limit { return nil }
      result += chunk[..<count]
    }
  }
}
