import Diagnostics
import Glibc
import POSIX

/// The files below a directory; symbolic links cannot lead out of it.
final class DirectoryFiles: NamedFiles {
  private let directory: FileDescriptor
  let name: String

  /// Opens a directory.
  ///
  /// - Throws: A failure of the kind `notFound` for a missing directory, `badData` for another file.
  init(_ path: Path) throws(Failure) {
    name = path.description
    do {
      directory = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK)
    } catch {
      if error.code == ENOENT { throw Failure(.notFound, path.description, "no such directory") }
      if error.code == ENOTDIR { throw Failure(.badData, path.description, "not a directory") }
      throw error.failure
    }
  }

  func find(_ name: String) throws(Failure) -> NamedFile? {
    let path = self.name + "/" + name
    let size: UInt64
    do throws(SystemError) {
      let status = try open(name).status(path)
      guard status.kind == .regular else { throw SystemError("open", path, code: EISDIR) }
      size = status.size
    } catch {
      if error.isNotFound { return nil }
      if error.isWrongFile { throw Failure(.badData, path, "not a regular file") }
      throw Failure(error.failure.kind, path, error.reason)
    }
    return NamedFile(name: path, size: size) { [self] () throws(Failure) in
      do throws(SystemError) {
        return OpenFile(try open(name))
      } catch {
        throw Failure(error.isNotFound ? .tryAgain : error.failure.kind, path, error.reason)
      }
    }
  }

  private func open(_ name: String) throws(SystemError) -> FileDescriptor {
    try Path(name).withCString { path throws(SystemError) in try directory.open(inRoot: path) }
  }
}
