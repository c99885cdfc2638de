import Diagnostics
import POSIX
import TOML

/// The configuration files of a machine, or of a directory tree that replaces `/`.
struct ConfigurationFiles {
  /// The directory to look up absolute paths in: `/` outside of tests.
  let root: Path

  /// The longest configuration file, in bytes.
  private static let limit = 1 << 20

  /// The actual location of a path; relative paths start at the working directory.
  func location(_ path: Path) -> Path {
    root == "/" || !path.isAbsolute ? path : Path(root.bytes + path.bytes)
  }

  /// The kinds of files to read.
  enum Kinds {
    /// Regular files only, for files found at their places: a FIFO there must not block.
    case regular
    /// All but directories, for files that the user has named; waits for the writer of a FIFO.
    case any
  }

  /// The table of a TOML file; nil if there is no such file.
  func table(_ path: Path, _ kinds: Kinds = .regular) throws(Failure) -> ConfigurationTable? {
    guard let bytes = try contents(path, kinds) else { return nil }
    do {
      return ConfigurationTable(file: path, content: try TOMLTable(parsing: bytes))
    } catch {
      throw Failure(.badData, path.description, error.description)
    }
  }

  /// The bytes of a file; nil if there is no such file.
  func contents(_ path: Path, _ kinds: Kinds = .regular) throws(Failure) -> [UInt8]? {
    do {
      return switch kinds {
      case .regular: try location(path).contents(limit: Self.limit)
      case .any: try location(path).contentsOfAnyKind(limit: Self.limit)
      }
    } catch {
      if error.isNotFound { return nil }
      if case .system(let error) = error { throw failure(error, path) }
      throw Failure(.badData, path.description, error.failure.reason)
    }
  }

  /// Whether a path exists; any error except its absence is a failure.
  func exists(_ path: Path) throws(Failure) -> Bool {
    try kind(path) != nil
  }

  /// Whether a path is a directory; follows symbolic links.
  func isDirectory(_ path: Path) throws(Failure) -> Bool {
    try kind(path) == .directory
  }

  private func kind(_ path: Path) throws(Failure) -> FileStatus.Kind? {
    do {
      return try FileStatus.of(location(path)).kind
    } catch {
      if error.isNotFound { return nil }
      throw failure(error, path)
    }
  }

  /// The kind of a directory entry, links not followed; nil if the entry is gone.
  func entryKind(_ path: Path) throws(Failure) -> FileStatus.Kind? {
    do {
      return try FileStatus.ofLink(location(path)).kind
    } catch {
      if error.isNotFound { return nil }
      throw failure(error, path)
    }
  }

  /// The entries of a directory with names that end in `.conf`, in byte order; none if there is no directory.
  func configurationEntries(_ directory: Path) throws(Failure) -> [Path] {
    do {
      return try location(directory).directoryEntries().filter {
        $0.bytes.suffix(5).elementsEqual(".conf".utf8)
      }
    } catch {
      if error.isNotFound { return [] }
      throw failure(error, directory)
    }
  }

  /// The path without symbolic links if it exists, else the path without `.`, `..` and double slashes.
  func resolved(_ path: Path) -> Path {
    guard let real = try? location(path).resolved() else { return path.cleaned }
    guard root != "/", let realRoot = try? root.resolved() else { return real }
    let inside = real.bytes.starts(with: realRoot.bytes + [UInt8(ascii: "/")])
    return inside ? Path(real.bytes.dropFirst(realRoot.bytes.count)) : real
  }

  private func failure(_ error: SystemError, _ path: Path) -> Failure {
    Failure(error.failure.kind, path.description, error.reason)
  }
}
