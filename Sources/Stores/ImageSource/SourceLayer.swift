import Compression
import Diagnostics
import Digests
import ImageModel

/// A layer of an image with its content.
public struct SourceLayer: Sendable {
  /// What the layer is.
  public let layer: Layer
  /// Its bytes.
  public let content: LayerContent

  /// Joins a layer with its content.
  public init(_ layer: Layer, _ content: LayerContent) {
    self.layer = layer
    self.content = content
  }

  /// Whether the layer is described only.
  public var isAbsent: Bool { if case .absent = content { true } else { false } }
}

/// In which form a source has a layer.
public enum LayerContent: Sendable {
  /// The uncompressed tar, assembled from records and files; its size is known.
  case assembled(any LayerSource)
  /// The blob of ``ImageModel/Layer/blob``, plain or compressed.
  case blob(any LayerSource)
  /// Nothing: whoever gets the output has the layer already.
  case absent
}

/// Bytes that a layer consists of, and what they must turn out to be.
public struct LayerStream: Sendable {
  /// Where the bytes come from.
  public let source: any LayerSource
  /// The SHA-256 of the bytes.
  public let digest: Digest
  /// The number of the bytes; nil if only reading them can tell.
  public let size: UInt64?

  /// Describes a stream.
  public init(_ source: any LayerSource, digest: Digest, size: UInt64?) {
    self.source = source
    self.digest = digest
    self.size = size
  }
}

extension SourceLayer {
  /// The uncompressed tar of the layer; nil for an absent layer.
  public var tar: LayerStream? {
    switch content {
    case .assembled(let source): LayerStream(source, digest: layer.diffID, size: layer.size)
    case .blob(let source): LayerStream(DecodedBlob(source), digest: layer.diffID, size: layer.size)
    case .absent: nil
    }
  }
}
