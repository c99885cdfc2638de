import Diagnostics
import ImageModel
import JSON

/// What an OCI image manifest says.
///
/// Nothing is required but config and digests: a missing media type stays missing.
/// Source: OCI image-spec v1.1, manifest.md; order of members as in specs-go/v1/manifest.go.
struct OCIManifest: Sendable {
  var schemaVersion: Int64
  var mediaType: String
  var artifactType: String
  var config: Descriptor
  var layers: [Descriptor]
  var subject: Descriptor?
  var annotations: [Annotation]

  /// A new manifest of a config and layers.
  init(config: Descriptor, layers: [Descriptor]) {
    schemaVersion = 2
    mediaType = "application/vnd.oci.image.manifest.v1+json"
    artifactType = ""
    self.config = config
    self.layers = layers
    annotations = []
  }

  init(_ value: JSONValue) throws(Failure) {
    let fields = try decoded(value, as: .ociManifest)
    try refuseAmbiguity(value, type: .ociManifest, allowing: ["config", "layers"])
    schemaVersion = fields["schemaVersion"].number
    mediaType = fields["mediaType"].text
    artifactType = fields["artifactType"].text
    config = try Descriptor(fields["config"], place: "config")
    layers = []
    for (index, layer) in fields["layers"].elements.enumerated() {
      layers.append(try Descriptor(layer, place: "layer \(index + 1)"))
    }
    subject = fields["subject"].isThere ? try Descriptor(fields["subject"], place: "subject") : nil
    annotations = Annotation.list(fields["annotations"])
  }

  /// The manifest as containers/image writes it.
  var encoded: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.integer(schemaVersion)
      json.optionalMember("mediaType", mediaType)
      json.optionalMember("artifactType", artifactType)
      json.key("config")
      config.writeOCI(to: &json)
      json.key("layers")
      json.array { json in
        for layer in layers { layer.writeOCI(to: &json) }
      }
      if let subject {
        json.key("subject")
        subject.writeOCI(to: &json)
      }
      json.optionalMember("annotations", annotations)
    }
    return json.bytes
  }
}
