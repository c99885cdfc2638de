import Diagnostics
import POSIX

/// Why a file of a layer cannot be opened.
public enum LayerFileError: Error {
  /// The call that opens the file failed.
  case file(SystemError)
  /// A directory that may hold the file cannot be used.
  case directory(Failure)
}

/// The directory, or the directories, with the files of a layer; usable from any thread.
public protocol LayerTree: Sendable {
  /// Opens a file by its cleaned name, a C string, without leaving the layer.
  func open(_ name: UnsafePointer<CChar>) throws(LayerFileError) -> FileDescriptor

  /// The failure of a file that neither its kind nor its absence explains: missing permission, a fault of the system.
  func failure(_ error: SystemError, of name: [UInt8]) -> Failure

  /// The failure of a layer that was removed while it was read; nil if its store still has it.
  func removal() throws(Failure) -> Failure?
}

/// The files of a layer that is a tree, or several.
public final class TreeFiles: LayerFiles {
  private let tree: any LayerTree
  private let label: String

  /// Reads from a tree; `label` names the layer in messages.
  public init(_ tree: any LayerTree, label: String) {
    self.tree = tree
    self.label = label
  }

  /// Opens a file and checks kind and size.
  public func open(_ recorded: [UInt8], size: UInt64) throws(Failure) -> FileDescriptor {
    let name = Path.cleaned(belowRoot: recorded)
    guard !name.isEmpty else { throw failure(recorded, "content of a file without a name") }
    let file: FileDescriptor
    do {
      file = try open(cleaned: name)
    } catch {
      throw failure(name, error)
    }
    let status: FileStatus
    do {
      status = try file.status("")
    } catch {
      throw failure(name, error)
    }
    guard status.kind == .regular else { throw failure(name, "not a regular file") }
    guard status.size == size else { throw failure(name, "size is \(status.size) bytes, \(size) recorded") }
    return file
  }

  /// Refuses a file that this process may not or cannot open.
  public func checkReadable(_ recorded: [UInt8]) throws(Failure) {
    let name = Path.cleaned(belowRoot: recorded)
    do {
      _ = try open(cleaned: name)
    } catch {
      if case .file(let error) = error, error.isWrongFile { return }
      throw failure(name, error)
    }
  }

  /// The failure of a file that cannot be read.
  public func damaged(file recorded: [UInt8], _ error: SystemError) -> Failure {
    failure(Path.cleaned(belowRoot: recorded), error)
  }

  /// The failure of a file that differs from its record.
  public func damaged(file recorded: [UInt8], _ reason: String) -> Failure {
    failure(Path.cleaned(belowRoot: recorded), reason)
  }

  private func open(cleaned name: [UInt8]) throws(LayerFileError) -> FileDescriptor {
    try tree.open(name.map(CChar.init(bitPattern:)) + [0])
  }

  private func failure(_ name: [UInt8], _ error: LayerFileError) -> Failure {
    switch error {
    case .file(let error): failure(name, error)
    case .directory(let failure): failure
    }
  }

  private func failure(_ name: [UInt8], _ error: SystemError) -> Failure {
    guard error.isWrongFile else { return tree.failure(error, of: name) }
    guard error.isNotFound else { return failure(name, error.reason) }
    do throws(Failure) {
      return try tree.removal() ?? failure(name, error.reason)
    } catch {
      return error
    }
  }

  private func failure(_ name: [UInt8], _ reason: String) -> Failure {
    Failure(.badData, label, "file \"\(printable(bytes: name))\": \(reason)")
  }
}
