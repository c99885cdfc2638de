import Diagnostics
import GoJSON
import ImageModel

extension OCIManifest {
  /// The image in Docker's format; the config keeps its bytes.
  ///
  /// Source: containers/image, internal/image/oci.go (`convertToManifestSchema2`).
  func convertedToDocker(_ config: Blob, _ layers: [Layer]) throws(Failure) -> ConvertedImage {
    guard self.config.mediaType == .ociConfig else {
      let type = artifactType.isEmpty ? self.config.mediaType.description : artifactType
      throw updateFailure(
        type == MediaType.dockerConfig.description
          ? "invalid mixed OCI image with Docker v2s2 config (\(goQuoted(type)))"
          : "unsupported image-specific operation on artifact with type \(goQuoted(type))")
    }
    let config = Blob(mediaType: .dockerConfig, bytes: config.bytes)
    var descriptor = Descriptor(config)
    descriptor.urls = self.config.urls
    let converted = DockerManifest(
      config: descriptor, layers: try convertedLayers(self.layers, layers, from: .oci, to: .docker))
    return ConvertedImage(
      manifest: Blob(mediaType: .dockerManifest, bytes: converted.encoded()), config: config,
      changes: changes(from: self.layers, to: layers, in: .oci).union(.format))
  }
}

extension DockerManifest {
  /// The image in OCI's format; the config is decoded and encoded again with the members that OCI defines.
  ///
  /// Source: containers/image, internal/image/docker_schema2.go (`convertToManifestOCI1`).
  func convertedToOCI(_ config: Blob, _ layers: [Layer]) throws(Failure) -> ConvertedImage {
    let bytes: [UInt8]
    do {
      bytes = try OCISpec.Image(parsing: config.bytes).encoded
    } catch .malformed(let error) {
      throw updateFailure("malformed config: \(error)")
    } catch {
      throw updateFailure(error.reason)
    }
    let config = Blob(mediaType: .ociConfig, bytes: bytes)
    let converted = OCIManifest(
      config: Descriptor(config), layers: try convertedLayers(self.layers, layers, from: .docker, to: .oci))
    var changes = changes(from: self.layers, to: layers, in: .docker).union(.format)
    if config.digest != self.config.digest { changes.insert(.config) }
    return ConvertedImage(
      manifest: Blob(mediaType: .ociManifest, bytes: converted.encoded()), config: config, changes: changes)
  }
}

extension Schema1Manifest {
  /// The image in a current format; the way to OCI leads through Docker's schema 2.
  ///
  /// Source: containers/image, internal/image/docker_schema1.go (`convertToManifestSchema2`).
  func converted(to family: ManifestFamily, _ layers: [Layer]) throws(Failure) -> ConvertedImage {
    let config: Blob
    do {
      config = Blob(mediaType: .dockerConfig, bytes: try self.config(diffIDs: layers.map(\.diffID)))
    } catch {
      throw updateFailure(error.reason)
    }
    let manifest = DockerManifest(
      config: Descriptor(config),
      layers: try layers.map { layer throws(Failure) in try Descriptor(.dockerLayer, layer) })
    switch family {
    case .docker:
      return ConvertedImage(
        manifest: Blob(mediaType: .dockerManifest, bytes: manifest.encoded()), config: config,
        changes: [.format, .config])
    case .oci:
      let image = try manifest.convertedToOCI(config, layers)
      return ConvertedImage(
        manifest: image.manifest, config: image.config, changes: image.changes.union(.config))
    }
  }
}

/// The layers of a manifest in another format as their source has them, with only those properties that every
/// format has.
private func convertedLayers(
  _ descriptors: [Descriptor], _ layers: [Layer], from source: ManifestFamily, to target: ManifestFamily
) throws(Failure) -> [Descriptor] {
  var result: [Descriptor] = []
  for (descriptor, layer) in zip(descriptors, layers) {
    guard let type = LayerType(descriptor.mediaType, in: source) else {
      let name = goQuoted(descriptor.mediaType.description)
      throw updateFailure("Unknown media type during manifest conversion: \(name)")
    }
    result.append(try Descriptor(layer, as: type, in: target))
  }
  return result
}

/// The changes needed in the description of layers.
func changes(
  from descriptors: [Descriptor], to layers: [Layer], in family: ManifestFamily
) -> ManifestChanges {
  zip(descriptors, layers).reduce(into: []) { changes, pair in
    changes.formUnion(pair.0.changes(toDescribe: pair.1, in: family))
  }
}

/// The failure to update a manifest, as worded by containers/image.
func updateFailure(_ reason: String) -> Failure {
  .badData("creating an updated image manifest: \(reason)")
}
