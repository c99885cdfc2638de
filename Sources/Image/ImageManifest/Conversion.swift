import Diagnostics
import ImageModel

/// An image's manifest and config in the wanted format, and why they differ from the originals.
public struct ConvertedImage: Hashable, Sendable {
  /// The manifest; it describes the uncompressed layers.
  public let manifest: Blob
  /// The config that the manifest names.
  public let config: Blob
  /// Why the manifest changed; empty if it is the original, byte for byte.
  public let changes: ManifestChanges
}

extension Manifest {
  /// Describes the image in a format, with its layers as delivered by a store.
  ///
  /// Manifest and config keep their bytes unless something must change. Changes follow containers/image as of
  /// 5.38 (package copy), but URLs of layers are always dropped, because layers are always copied.
  /// - Parameters:
  ///   - family: The wanted format.
  ///   - config: The bytes of the config that the manifest names; nil for schema 1, which embeds it.
  ///   - layers: The uncompressed layers, base first, without throwaway entries of schema 1.
  /// - Returns: Manifest and config of the wanted format.
  /// - Throws: A failure of the kind `badData`: a config other than the manifest's, a wrong number of layers,
  ///   layers or artifacts that the wanted format cannot express, a config that cannot be converted.
  public func converted(
    to family: ManifestFamily, config: [UInt8]?, layers: [Layer]
  ) throws(Failure) -> ConvertedImage {
    if let config { try refuseExcess(config, "config") }
    try checkCount(of: layers)
    if family == .docker, self.layers.contains(where: { $0.mediaType.description.hasSuffix("+encrypted") }) {
      throw .badData(
        "encryption required together with format \(family.manifestType), which does not support encryption")
    }
    switch (contents, family) {
    case (.oci(let manifest), .oci):
      return try adapted(.oci, try checked(config, manifest.config), layers) { manifest.encoded(layers: $0) }
    case (.docker(let manifest), .docker):
      return try adapted(.docker, try checked(config, manifest.config), layers) { manifest.encoded(layers: $0) }
    case (.oci(let manifest), .docker):
      return try manifest.convertedToDocker(try checked(config, manifest.config), layers)
    case (.docker(let manifest), .oci):
      return try manifest.convertedToOCI(try checked(config, manifest.config), layers)
    case (.schema1(let manifest), _): return try manifest.converted(to: family, layers)
    }
  }

  /// Compares the number of layers with what the manifest names.
  private func checkCount(of layers: [Layer]) throws(Failure) {
    if layers.count < layerCount {
      throw .badData("expected more than \(layers.count) physical layers to exist")
    }
    if layers.count > layerCount {
      throw .badData("used only \(layerCount) out of \(layers.count) physical layers")
    }
  }

  /// The config, which must be the one that the manifest names.
  private func checked(_ config: [UInt8]?, _ descriptor: Descriptor) throws(Failure) -> Blob {
    guard let config else { throw .badData("config \(descriptor.digest) is missing") }
    let blob = Blob(mediaType: descriptor.mediaType, bytes: config)
    guard blob.digest == descriptor.digest else {
      throw .badData(
        "config validation failed: blob digest \(blob.digest) does not match expected \(descriptor.digest)")
    }
    guard UInt64(config.count) == descriptor.size else {
      throw .badData(
        "config validation failed: blob size \(config.count) does not match expected \(descriptor.size)")
    }
    return blob
  }

  /// The manifest in its own format: the given bytes, or a new encoding if a layer needs another description.
  private func adapted(
    _ family: ManifestFamily, _ config: Blob, _ layers: [Layer], encoded: ([Descriptor]) -> [UInt8]
  ) throws(Failure) -> ConvertedImage {
    let changes = changes(from: self.layers, to: layers, in: family)
    guard !changes.isEmpty else { return ConvertedImage(manifest: blob, config: config, changes: []) }
    var edited: [Descriptor] = []
    for (descriptor, layer) in zip(self.layers, layers) {
      edited.append(try descriptor.describing(layer, in: family))
    }
    let manifest = Blob(mediaType: family.manifestType, bytes: encoded(edited))
    return ConvertedImage(manifest: manifest, config: config, changes: changes)
  }
}
