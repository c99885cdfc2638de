import Compression
import Diagnostics
import Glibc
import POSIX

/// The tar of a layer that lies in an additional layer store, as one file beside the tree that the store shows.
///
/// Such a layer has no tar-split. Nothing is written there, not even the file by which Go tells that a layer is used.
/// Source: containers/storage layers.go, Diff; drivers/overlay, getAdditionalLayerPath.
public struct AdditionalLayer: ~Copyable {
  private let path: Path
  /// One of them is there: the file as it is, or what decompresses it.
  private let plain: FileDescriptor?
  private var inflater: Inflater?

  /// Opens a layer; nil if it is an ordinary one, which ``LayerReader`` reads.
  public static func open(_ id: StorageID, in location: StoreLocation) throws(Failure) -> AdditionalLayer? {
    guard location.driver == .overlay, !LayerReader.tarSplit(of: id, in: location).exists,
      let home = try? LayerHome(of: id, in: location), let directory = home.additionalLayer
    else { return nil }
    return try AdditionalLayer(directory.appending("blob"))
  }

  private init(_ path: Path) throws(Failure) {
    do {
      let file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
      guard try file.status(path.description).kind == .regular else {
        throw Failure(.badData, path.description, "not a regular file")
      }
      if let compression = try Compression(of: file, path) {
        guard compression == .gzip else {
          throw Failure(
            .unavailable, path.description, "compressed with \(compression.rawValue), which is not supported")
        }
        inflater = try Inflater(file, path: path)
        plain = nil
      } else {
        inflater = nil
        plain = consume file
      }
      self.path = path
    } catch let error as SystemError {
      throw error.layerFailure(at: path)
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.internalError, path.description, "\(error)")
    }
  }

  /// Fills a buffer with the next bytes of the tar; returns their number, less than the buffer's only at the end.
  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    if let count = try inflater?.read(into: buffer) { return count }
    do {
      return try plain?.read(into: buffer, path.description) ?? 0
    } catch {
      throw error.failure
    }
  }

  /// The length in bytes of the rest of the tar, which is read for that.
  mutating func measure() throws(Failure) -> UInt64 {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    var total: UInt64 = 0
    while true {
      let count = try read(into: buffer)
      total += UInt64(count)
      if count < buffer.count { return total }
    }
  }
}

extension LayerHome {
  /// The directory that an additional layer store has for this layer; nil for a layer of its own.
  fileprivate var additionalLayer: Path? {
    if let text = try? path.appending("additionallayer").contents(limit: Int(PATH_MAX)) {
      let directory = Path(text.prefix { $0 != 0x0A })
      return directory.isAbsolute ? directory : nil
    }
    guard let target = try? path.appending("diff").linkTarget(), target.isAbsolute else { return nil }
    return target.parent
  }
}

/// A compression that a file starts with.
private enum Compression: String {
  case gzip, bzip2, xz, zstd

  /// Looks at the first bytes of a file; nil for one that is not compressed.
  ///
  /// Source: containers/storage pkg/archive/archive.go, DetectCompression.
  init?(of file: borrowing FileDescriptor, _ path: Path) throws(SystemError) {
    var start: [UInt8] = [0, 0, 0, 0, 0, 0]
    let read = start.withUnsafeMutableBytes { buffer in
      Result { () throws(SystemError) in try file.read(into: buffer, at: 0, path.description) }
    }
    start.removeLast(start.count - (try read.get()))
    if start.starts(with: [0x1F, 0x8B, 0x08]) {
      self = .gzip
    } else if start.starts(with: [0x42, 0x5A, 0x68]) {
      self = .bzip2
    } else if start.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) {
      self = .xz
    } else if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      self = .zstd
    } else {
      return nil
    }
  }
}
