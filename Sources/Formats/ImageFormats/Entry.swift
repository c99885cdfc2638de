import Diagnostics
import Digests
import ImageModel
import ImageSource

/// A part of an output: what its format consists of, before the digests and sizes of compressed layers are known.
public enum Entry: Sendable {
  /// A directory; its name ends in a slash.
  case directory(String)
  /// A symbolic link.
  case link(String, target: String)
  /// A file whose bytes are known.
  case file(String, [UInt8])
  /// A file with a layer; its name is made of the digest of what is written.
  case layer(SourceLayer, named: @Sendable (Digest) -> String)
  /// A file that depends on how layers are written; `name` is nil if that does, too.
  case deferred(name: String?, @Sendable (WrittenLayers) throws(Failure) -> (name: String, bytes: [UInt8]))
}

extension Entry {
  /// The file of a blob.
  static func file(_ blob: Blob, named name: (Digest) -> String) -> Entry {
    .file(name(blob.digest), blob.bytes)
  }

  /// The layer that the entry holds, if it holds one.
  var layer: SourceLayer? { if case .layer(let layer, _) = self { layer } else { nil } }
}
