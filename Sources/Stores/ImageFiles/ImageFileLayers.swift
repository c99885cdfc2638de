import Diagnostics
import Digests
import ImageModel
import ImageRecord
import ImageSource
import POSIX

/// The layers of records from a directory with an OCI layout: `storage` holds its `path`.
public struct LayoutLayers: LayerProvider {
  /// `layout`.
  public static let kind = "layout"
  private let blobs: BlobFiles

  /// Opens the directory.
  public init(_ storage: RecordStorage) throws(Failure) {
    blobs = .layout(try DirectoryFiles(Path(try storage.members.string("path"))))
  }

  /// The blob of a layer, found by its digest.
  public func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
    try blobs.content(of: layer, image: image)
  }
}

/// The layers of records from a directory of the transport `dir:`: `storage` holds its `path`.
public struct DirectoryLayers: LayerProvider {
  /// `directory`.
  public static let kind = "directory"
  private let blobs: BlobFiles

  /// Opens the directory.
  public init(_ storage: RecordStorage) throws(Failure) {
    blobs = .directory(try DirectoryFiles(Path(try storage.members.string("path"))))
  }

  /// The blob of a layer, found by its digest.
  public func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
    try blobs.content(of: layer, image: image)
  }
}

/// The layers of records from an archive: `storage` holds its `path` and its `size`.
///
/// Each layer's locator holds `offset` and `size` of the blob in the tar; of a compressed archive, in the tar that
/// is in it.
public struct ArchiveLayers: LayerProvider {
  /// `archive`.
  public static let kind = "archive"
  private let archive: Archive

  /// Opens the archive; copies a compressed one.
  public init(_ storage: RecordStorage) throws(Failure) {
    let archive = try Archive.open(Path(try storage.members.string("path")), acceptsStreams: false)
    try self.init(storage, archive)
  }

  /// The layers in an open archive; it must have the size of the record.
  init(_ storage: RecordStorage, _ archive: Archive) throws(Failure) {
    self.archive = archive
    let expected = storage.members.has("size") ? try storage.members.size("size") : nil
    guard expected == archive.fileSize else {
      throw Failure(.badData, archive.name, "its size is not that of the record; it may have been replaced")
    }
  }

  /// The part of the archive with the blob of a layer.
  public func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
    let offset = try layer.locator.size("offset")
    let size = try layer.locator.size("size")
    guard layer.layer.blob.map({ $0.size == size }) ?? true, offset <= archive.size,
      size <= archive.size - offset
    else { throw Failure(.badData, image, "layer \(layer.layer.diffID) is not within \(archive.name)") }
    let file = archive.file
    let part = NamedFile(name: archive.name, offset: offset, size: size) { file }
    return .blob(BlobSource(name: image, file: part))
  }
}

extension BlobFiles {
  /// The blob of a layer, found by its digest.
  func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
    guard let blob = layer.layer.blob else {
      throw Failure(.badData, image, "layer \(layer.layer.diffID) has no blob")
    }
    guard let file = try files.find(path(blob.digest)) else {
      throw absent("layer \(blob.digest)").within(image)
    }
    guard file.size == blob.size else {
      throw Failure(
        .badData, image, "layer \(blob.digest): \(blob.size) bytes were expected, it has \(file.size)")
    }
    return .blob(BlobSource(name: image, file: file))
  }
}
