import Diagnostics
import ImageModel
import JSON

/// What a Docker manifest of version 2, schema 2 says.
///
/// Source: distribution, manifest-v2-2.md; containers/image, manifest/docker_schema2.go.
struct DockerManifest: Sendable {
  var schemaVersion: Int64
  var mediaType: String
  var config: Descriptor
  var layers: [Descriptor]

  /// A new manifest of a config and layers.
  init(config: Descriptor, layers: [Descriptor]) {
    schemaVersion = 2
    mediaType = MediaType.dockerManifest.description
    self.config = config
    self.layers = layers
  }

  init(_ value: JSONValue) throws(Failure) {
    let fields = try decoded(value, as: .dockerManifest)
    try refuseAmbiguity(value, type: .dockerManifest, allowing: ["config", "layers"])
    schemaVersion = fields["schemaVersion"].number
    mediaType = fields["mediaType"].text
    try DockerManifest.refuseUnsupported(MediaType(mediaType))
    config = try Descriptor(fields["config"], place: "config")
    layers = []
    for (index, value) in fields["layers"].elements.enumerated() {
      let layer = try Descriptor(value, place: "layer \(index + 1)")
      try DockerManifest.refuseUnsupported(layer.mediaType)
      layers.append(layer)
    }
  }

  /// Refuses what may stand nowhere in a Docker manifest.
  private static func refuseUnsupported(_ type: MediaType) throws(Failure) {
    guard supportedTypes.contains(type) else {
      throw .badData("unsupported docker v2s2 media type: \(quoted(type.description))")
    }
  }

  private static let supportedTypes: Set<MediaType> = [
    .dockerManifest, .dockerManifestList, .dockerSchema1, .dockerSchema1Signed, .dockerConfig, .dockerLayer,
    .dockerLayerGzip, .dockerLayerZstd, .dockerForeignLayer, .dockerForeignLayerGzip,
  ]

  /// The manifest as containers/image writes it.
  var encoded: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.integer(schemaVersion)
      json.member("mediaType", mediaType)
      json.key("config")
      config.writeDocker(to: &json)
      json.key("layers")
      json.array { json in
        for layer in layers { layer.writeDocker(to: &json) }
      }
    }
    return json.bytes
  }
}
