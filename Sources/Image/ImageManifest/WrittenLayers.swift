import Diagnostics
import Digests
import ImageModel

/// A layer as it was written to a destination.
public struct WrittenLayer: Hashable, Sendable {
  /// The SHA-256 of the written bytes.
  public var digest: Digest
  /// The number of written bytes.
  public var size: UInt64
  /// The media type suffix of the compression, such as `gzip`; nil for the plain tar.
  public var compression: String?

  /// Creates a written layer.
  public init(digest: Digest, size: UInt64, compression: String? = nil) {
    self.digest = digest
    self.size = size
    self.compression = compression
  }
}

extension WrittenLayer {
  /// The ordinary layer with this diffID that a descriptor describes; nil if the descriptor does not fit it.
  ///
  /// The digest decides whether the layer is compressed: containers/image has manifests that call plain layers of
  /// archives gzipped.
  public init?(_ descriptor: Descriptor, diffID: Digest) {
    let type = descriptor.mediaType
    guard [ManifestFamily.oci, .docker].contains(where: { LayerType(type, in: $0) == .ordinary }) else {
      return nil
    }
    let isPlain = descriptor.digest == diffID
    guard isPlain || type.compressionSuffix != nil else { return nil }
    self.init(
      digest: descriptor.digest, size: descriptor.size, compression: isPlain ? nil : type.compressionSuffix)
  }
}

extension Manifest {
  /// The manifest with its layers replaced by the written ones.
  ///
  /// The bytes stay if every layer was written as described, or if there are no layers. A changed manifest
  /// gives each layer the media type for its compression and drops its URLs, and the annotations of compressed
  /// layers.
  /// Source: containers/image, copy/single.go, manifest/oci.go and docker_schema2.go (`UpdateLayerInfos`).
  /// - Parameter layers: The written layers, base first.
  /// - Returns: The manifest of the same format.
  /// - Throws: A failure of the kind `badData` for a different number of layers, for a layer of unknown media
  ///   type, and for a schema 1 manifest, which is never written.
  public func replacingLayers(_ layers: [WrittenLayer]) throws(Failure) -> Blob {
    guard layers.count == self.layers.count else {
      throw updateFailure(
        "Error preparing updated manifest: layer count changed from \(self.layers.count) to \(layers.count)")
    }
    let isAsWritten = zip(self.layers, layers).allSatisfy { descriptor, layer in
      descriptor.digest == layer.digest && descriptor.size == layer.size
    }
    switch contents {
    case .oci(let manifest):
      if isAsWritten { return blob }
      let bytes = manifest.encoded(layers: try replaced(layers, in: .oci))
      return Blob(mediaType: blob.mediaType, bytes: bytes)
    case .docker(let manifest):
      if isAsWritten { return blob }
      let bytes = manifest.encoded(layers: try replaced(layers, in: .docker))
      return Blob(mediaType: blob.mediaType, bytes: bytes)
    case .schema1: throw updateFailure("Unsupported conversion type: \(blob.mediaType)")
    }
  }

  private func replaced(
    _ layers: [WrittenLayer], in family: ManifestFamily
  ) throws(Failure) -> [Descriptor] {
    var result: [Descriptor] = []
    for (descriptor, layer) in zip(self.layers, layers) {
      result.append(try descriptor.describing(layer, in: family))
    }
    return result
  }
}
