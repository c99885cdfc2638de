import Diagnostics
import GoJSON
import ImageModel
import JSON

/// A decoded Docker manifest, version 2, schema 2.
///
/// Source: distribution, manifest-v2-2.md; containers/image, manifest/docker_schema2.go.
struct DockerManifest: Sendable {
  /// The decoded manifest.
  private let spec: DockerSpec.Manifest
  let config: Descriptor
  let layers: [Descriptor]

  /// A new manifest of a config and layers.
  init(config: Descriptor, layers: [Descriptor]) {
    var spec = DockerSpec.Manifest()
    spec.schemaVersion = 2
    spec.mediaType = MediaType.dockerManifest.description
    spec.config = DockerSpec.Descriptor(config)
    self.spec = spec
    self.config = config
    self.layers = layers
  }

  init(_ value: JSONValue) throws(Failure) {
    spec = try decoded(value)
    try refuseAmbiguity(value, type: .dockerManifest, allowing: [.config, .layers])
    try DockerManifest.refuseUnsupported(MediaType(spec.mediaType))
    config = try Descriptor(spec.config, place: "config")
    var layers: [Descriptor] = []
    for (index, layer) in (spec.layers ?? []).enumerated() {
      let layer = try Descriptor(layer, place: "layer \(index + 1)")
      try DockerManifest.refuseUnsupported(layer.mediaType)
      layers.append(layer)
    }
    self.layers = layers
  }

  /// Refuses a media type that no part of a Docker manifest may have.
  private static func refuseUnsupported(_ type: MediaType) throws(Failure) {
    guard supportedTypes.contains(type) else {
      throw .badData("unsupported docker v2s2 media type: \(goQuoted(type.description))")
    }
  }

  private static let supportedTypes: Set<MediaType> = [
    .dockerManifest, .dockerManifestList, .dockerSchema1, .dockerSchema1Signed, .dockerConfig, .dockerLayer,
    .dockerLayerGzip, .dockerLayerZstd, .dockerForeignLayer, .dockerForeignLayerGzip,
  ]

  /// The manifest as containers/image writes it, with its own layers or others.
  func encoded(layers: [Descriptor]? = nil) -> [UInt8] {
    var spec = spec
    spec.layers = (layers ?? self.layers).map { DockerSpec.Descriptor($0) }
    return spec.encoded
  }

  /// The manifest with another config.
  func amended(config: Descriptor) -> [UInt8] {
    var spec = spec
    spec.config.digest = DockerSpec.Descriptor(config).digest
    spec.config.size = Int64(config.size)
    return spec.encoded
  }
}
