import Compression
import Diagnostics
import Digests
import ImageModel

/// A layer of an image with its content.
public struct SourceLayer: Sendable {
  /// The description of the layer.
  public let layer: Layer
  /// The bytes of the layer.
  public let content: LayerContent
  /// Whether the blob is delivered as it is, rather than the uncompressed tar.
  public private(set) var passesBlob = false

  /// Joins a layer with its content.
  public init(_ layer: Layer, _ content: LayerContent) {
    self.layer = layer
    self.content = content
  }

  /// The layer delivered as the blob that the source has; nil if the source has none.
  public var passingBlob: SourceLayer? {
    guard case .blob = content, layer.blob != nil else { return nil }
    var copy = self
    copy.passesBlob = true
    return copy
  }

  /// Whether the layer has a description, but no bytes.
  public var isAbsent: Bool { if case .absent = content { true } else { false } }
}

/// The form in which a source has a layer.
public enum LayerContent: Sendable {
  /// The uncompressed tar, assembled from records and files; its size is known.
  case assembled(any LayerSource)
  /// The blob of ``ImageModel/Layer/blob``, plain or compressed.
  case blob(any LayerSource)
  /// Nothing: the receiver of the output already has the layer.
  case absent
}

/// The bytes of a layer, with their expected digest and size.
public struct LayerStream: Sendable {
  /// Where the bytes come from.
  public let source: any LayerSource
  /// The SHA-256 of the bytes.
  public let digest: Digest
  /// The number of bytes; nil if known only after reading.
  public let size: UInt64?

  /// Describes a stream.
  public init(_ source: any LayerSource, digest: Digest, size: UInt64?) {
    self.source = source
    self.digest = digest
    self.size = size
  }
}

extension SourceLayer {
  /// What is delivered of the layer, its blob or its uncompressed tar; nil for an absent layer.
  public var stream: LayerStream? {
    if passesBlob, case .blob(let source) = content, let blob = layer.blob {
      return LayerStream(source, digest: blob.digest, size: blob.size)
    }
    return switch content {
    case .assembled(let source): LayerStream(source, digest: layer.diffID, size: layer.size)
    case .blob(let source):
      LayerStream(DecodedBlob(source, of: layer), digest: layer.diffID, size: layer.size)
    case .absent: nil
    }
  }
}
