import Diagnostics
import GoJSON
import ImageModel
import JSON

/// A decoded OCI image manifest.
///
/// Only config and digests are required: a missing media type stays missing.
/// Source: OCI image-spec v1.1, manifest.md.
struct OCIManifest: Sendable {
  /// The decoded manifest.
  private let spec: OCISpec.Manifest
  let config: Descriptor
  let layers: [Descriptor]

  /// A new manifest of a config and layers.
  init(config: Descriptor, layers: [Descriptor]) {
    var spec = OCISpec.Manifest()
    spec.schemaVersion = 2
    spec.mediaType = MediaType.ociManifest.description
    spec.config = OCISpec.Descriptor(config)
    self.spec = spec
    self.config = config
    self.layers = layers
  }

  init(_ value: JSONValue) throws(Failure) {
    spec = try decoded(value)
    try refuseAmbiguity(value, type: .ociManifest, allowing: [.config, .layers])
    config = try Descriptor(spec.config, place: "config")
    var layers: [Descriptor] = []
    for (index, layer) in (spec.layers ?? []).enumerated() {
      layers.append(try Descriptor(layer, place: "layer \(index + 1)"))
    }
    self.layers = layers
    if let subject = spec.subject { _ = try Descriptor(subject, place: "subject") }
  }

  /// The kind of artifact that the manifest describes, empty if it is none.
  var artifactType: String { spec.artifactType }

  /// The manifest as containers/image writes it, with its own layers or others.
  func encoded(layers: [Descriptor]? = nil) -> [UInt8] {
    var spec = spec
    spec.layers = (layers ?? self.layers).map { OCISpec.Descriptor($0) }
    return spec.encoded
  }

  /// The manifest with another config and annotations; nil if both are its own.
  func amended(config: Descriptor?, annotations: [[UInt8]: String]?) -> [UInt8]? {
    var spec = spec
    var isEdited = false
    if let config, config.digest != self.config.digest {
      spec.config.digest = OCISpec.Descriptor(config).digest
      spec.config.size = Int64(config.size)
      spec.config.data = GoBytes()
      isEdited = true
    }
    if let annotations, annotations != spec.annotations ?? [:] {
      spec.annotations = annotations.isEmpty ? nil : annotations
      isEdited = true
    }
    return isEdited ? spec.encoded : nil
  }
}
