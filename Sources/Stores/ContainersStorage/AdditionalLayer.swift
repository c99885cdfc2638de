import Compression
import Diagnostics
import Glibc
import ImageSource
import POSIX

/// The tar of a layer in an additional layer store: one file next to the tree that the store presents.
///
/// Such a layer has no tar-split data. Nothing is written there, not even the file by which Go marks a layer as
/// used.
/// Source: containers/storage layers.go, Diff; drivers/overlay, getAdditionalLayerPath.
enum AdditionalLayer {
  /// Opens the tar of a layer, which may be compressed; nil for an ordinary layer with tar-split records.
  static func open(_ id: StorageID, in location: StoreLocation) throws(Failure) -> (any ByteSource)? {
    guard let directory = try directory(of: id, in: location) else { return nil }
    let file = try open(directory.appending("blob"))
    switch CompressionFormat(startingWith: try file.start(CompressionFormat.magicSize)) {
    case nil: return file
    case .gzip: return try Inflater(file)
    case .some(let format):
      throw Failure(.unavailable, file.name, "compressed with \(format.rawValue), which is not supported")
    }
  }

  /// The directory of a layer in an additional layer store; nil for an ordinary layer with tar-split records.
  static func directory(of id: StorageID, in location: StoreLocation) throws(Failure) -> Path? {
    guard location.driver == .overlay, try !location.hasTarSplit(of: id) else { return nil }
    return try ifAvailable { () throws(Failure) in try LayerFolder(of: id, in: location).additionalLayer() }
  }

  private static func open(_ path: Path) throws(Failure) -> FileBytes {
    do {
      return try FileBytes.open(path)
    } catch {
      if case .system(let error) = error { throw error.layerFailure(at: path) }
      throw error.failure
    }
  }

  /// The length of a tar in bytes; reads all of it.
  static func measure(_ tar: any ByteSource) throws(Failure) -> UInt64 {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    var total: UInt64 = 0
    while true {
      let count = try tar.readSome(into: buffer)
      if count == 0 { return total }
      total += UInt64(count)
    }
  }
}

extension LayerFolder {
  /// The directory of this layer in an additional layer store; nil for a layer of the store itself.
  fileprivate func additionalLayer() throws(Failure) -> Path? {
    let name = path.appending("additionallayer")
    if let text = try ifAvailable({ () throws(Failure) in try name.layerContents(limit: Int(PATH_MAX)) }) {
      let directory = Path(text.prefix { $0 != 0x0A })
      return directory.isAbsolute ? directory : nil
    }
    guard let target = try path.appending("diff").layerLink(), target.isAbsolute else { return nil }
    return target.parent
  }
}
