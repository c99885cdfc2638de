import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageRecord
import JSON
import POSIX

/// An open archive or directory, as records name it.
struct RecordPlace {
  /// The value of `storage.kind`.
  let kind: String
  /// The absolute path.
  let path: String
  /// The size of an archive's file in bytes; nil for directories and pipes.
  let size: UInt64?

  /// The storage of records from here.
  func storage() throws(Failure) -> RecordStorage {
    let members = try recordObject { json in
      json.key("kind")
      json.string(kind)
      json.key("path")
      json.string(path)
      if let size {
        json.key("size")
        json.integer(size)
      }
    }
    return RecordStorage(kind: kind, members: members)
  }

  /// The locator of a layer.
  func locator(of file: NamedFile) throws(Failure) -> RecordObject {
    guard kind == ArchiveLayers.kind else { return try recordObject { _ in } }
    return try recordObject { json in
      json.key("offset")
      json.integer(file.offset)
      json.key("size")
      json.integer(file.size)
    }
  }

  /// The absolute form of a path as typed.
  ///
  /// - Throws: A failure of the kind `usage` for a path that is not UTF-8.
  static func absolute(_ path: String) throws(Failure) -> String {
    if path.hasPrefix("/") { return path }
    let directory: Path
    do {
      directory = try Path(".").resolved()
    } catch {
      throw error.failure
    }
    let result = directory.appending(Path(path)).bytes
    guard let text = String(validating: result, as: UTF8.self) else {
      throw Failure(.usage, path, "the path of an archive must be UTF-8")
    }
    return text
  }
}

/// The JSON object that a closure writes, for a record.
private func recordObject(_ write: (inout JSONWriter) -> Void) throws(Failure) -> RecordObject {
  do {
    return try RecordObject(write)
  } catch {
    throw Failure(.internalError, "", "\(error)")
  }
}

extension ImageRecord {
  /// The record of an image in an archive or a directory.
  init(
    _ image: StoredImage, input: String, names: [String], tags: [String], match: String, in place: RecordPlace
  ) throws(Failure) {
    let isOCI = image.manifest.blob.mediaType == .ociManifest
    self.init(
      input: input, name: tags.first, tags: tags, id: image.config.digest.hex, manifest: image.manifest.blob,
      config: image.config,
      layers: try image.layers.map { blob throws(Failure) in
        RecordLayer(
          mediaType: isOCI ? .ociLayer : .dockerLayer, layer: blob.layer,
          locator: try place.locator(of: blob.file))
      },
      storage: try place.storage(), others: [])
    index = image.index
    others = try ImageRecord.details(
      match: match, names: names, created: nil, facts: ConfigFacts(config: image.config.bytes))
  }
}
