import Diagnostics
import Digests
import GoJSON
import ImageModel

extension Descriptor {
  /// The descriptor of a blob.
  init(_ blob: Blob) {
    self.init(mediaType: blob.mediaType, digest: blob.digest, size: UInt64(blob.bytes.count))
  }

  /// The descriptor of an uncompressed layer, whose size must be known.
  init(_ mediaType: MediaType, _ layer: Layer) throws(Failure) {
    guard let size = layer.size else {
      throw .badData("layer \(layer.diffID): the size of its uncompressed tar is not known")
    }
    self.init(mediaType: mediaType, digest: layer.diffID, size: size)
  }

  /// The descriptor of a layer in a family, as its source has it: the blob, or else the uncompressed tar.
  init(_ layer: Layer, as type: LayerType, in family: ManifestFamily) throws(Failure) {
    guard let blob = layer.blob else {
      try self.init(type.plain(in: family), layer)
      return
    }
    // Docker has no type for zstd that may be written; such a layer is written in another form.
    let mediaType = type.mediaType(layer.blobSuffix, in: family) ?? .dockerLayerZstd
    self.init(mediaType: mediaType, digest: blob.digest, size: blob.size)
  }

  /// Whether the descriptor is that of the blob in which the source has a layer.
  ///
  /// False if the type is that of a compressed layer, but the blob is plain: containers/image writes such manifests.
  private func describesBlob(of layer: Layer) -> Bool {
    guard let blob = layer.blob else { return false }
    return digest == blob.digest && size == blob.size
      && (digest == layer.diffID) == (mediaType.compressionSuffix == nil)
  }

  /// How a layer's descriptor differs from the one that containers-storage has for the uncompressed layer.
  ///
  /// Storage lists ordinary plain layers only. So a layer of another kind counts as changed even if its
  /// description stays the same, and so does one with an empty map of annotations.
  /// Source: containers/image, storage/storage_src.go (`buildLayerInfosForCopy`), copy/single.go
  /// (`copyLayers`).
  func changes(toDescribe layer: Layer, in family: ManifestFamily) -> ManifestChanges {
    // A blob stays described as it was published.
    if describesBlob(of: layer) { return [] }
    var changes: ManifestChanges = []
    if digest != layer.diffID || size != layer.size { changes.insert(.layers) }
    if mediaType != (family == .oci ? .ociLayer : .dockerLayer) { changes.insert(.layerTypes) }
    if !urls.isEmpty { changes.insert(.layerURLs) }
    if hasEmptyAnnotations || annotations.contains(where: \.isAboutCompression) {
      changes.insert(.layerAnnotations)
    }
    return changes
  }

  /// The descriptor with its layer replaced by what the source has of it.
  func describing(_ layer: Layer, in family: ManifestFamily) throws(Failure) -> Descriptor {
    if describesBlob(of: layer) { return self }
    guard let type = LayerType(mediaType, in: family) else {
      throw unsupportedType("decompression", layer.diffID)
    }
    var result = try Descriptor(layer, as: type, in: family)
    result.annotations = annotations.filter { !$0.isAboutCompression }
    return result
  }

  /// The descriptor with its layer replaced by the written one.
  func describing(_ layer: WrittenLayer, in family: ManifestFamily) throws(Failure) -> Descriptor {
    guard let type = LayerType(mediaType, in: family) else {
      throw unsupportedType(layer.compression == nil ? "decompression" : "compression", layer.digest)
    }
    guard let newType = type.mediaType(layer.compression, in: family) else {
      let reason =
        "\(layer.compression ?? "no") compression is not supported for type \(goQuoted(mediaType.description))"
      throw updateFailure("preparing updated manifest, layer \"\(layer.digest)\": \(reason)")
    }
    var result = Descriptor(mediaType: newType, digest: layer.digest, size: layer.size)
    if layer.compression == nil { result.annotations = annotations.filter { !$0.isAboutCompression } }
    return result
  }

  private func unsupportedType(_ operation: String, _ digest: Digest) -> Failure {
    let type = goQuoted(mediaType.description)
    return updateFailure(
      "preparing updated manifest, layer \"\(digest)\": unsupported MIME type for \(operation): \(type)")
  }
}

extension Annotation {
  /// Whether the annotation describes the inside of a compressed layer, so that it fits no uncompressed one.
  ///
  /// Source: containers/storage, pkg/chunked/toc (`ChunkedAnnotations`).
  fileprivate var isAboutCompression: Bool {
    switch key {
    case "io.github.containers.zstd-chunked.manifest-checksum",
      "io.github.containers.zstd-chunked.manifest-position",
      "io.github.containers.zstd-chunked.tarsplit-checksum",
      "io.github.containers.zstd-chunked.tarsplit-position", "containerd.io/snapshot/stargz/toc.digest":
      true
    default: false
    }
  }
}
