import Diagnostics
import Digests
import ImageModel
import ImageSource

/// A part of an output, described before the digests and sizes of compressed layers are known.
public enum Entry: Sendable {
  /// A directory; its name ends in a slash.
  case directory(String)
  /// A symbolic link.
  case link(String, target: String)
  /// A file with known bytes.
  case file(String, [UInt8])
  /// A file with a layer, named after the digest of the written bytes.
  case layer(SourceLayer, named: @Sendable (Digest) -> String)
  /// A file that depends on the written layers; `name` is nil if the name depends on them, too.
  case deferred(name: String?, @Sendable (WrittenLayers) throws(Failure) -> (name: String, bytes: [UInt8]))
}

extension Entry {
  /// The file of a blob.
  static func file(_ blob: Blob, named name: (Digest) -> String) -> Entry {
    .file(name(blob.digest), blob.bytes)
  }

  /// The layer in the entry; nil if the entry is not a layer.
  var layer: SourceLayer? { if case .layer(let layer, _) = self { layer } else { nil } }

  /// Whether the entry is a file other than a layer.
  var isWrittenFile: Bool {
    switch self {
    case .file, .deferred: true
    case .directory, .link, .layer: false
    }
  }

  /// The file of the entry, after all layers are written.
  func file(_ written: WrittenLayers) throws(Failure) -> (name: String, bytes: [UInt8]) {
    switch self {
    case .file(let name, let bytes): return (name, bytes)
    case .deferred(_, let make): return try make(written)
    case .directory(let name), .link(let name, _): throw Failure(.internalError, name, "is not a file")
    case .layer(let layer, _): throw Failure(.internalError, "layer \(layer.layer.diffID)", "is not a file")
    }
  }
}
