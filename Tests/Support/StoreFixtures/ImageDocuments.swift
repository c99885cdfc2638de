import Digests
import ImageModel

/// The family of media types in which an image is stored.
public enum ManifestFormat: Sendable {
  /// OCI image-spec.
  case oci
  /// Docker, version 2 schema 2.
  case docker

  var manifest: MediaType { self == .oci ? .ociManifest : .dockerManifest }
  var config: MediaType { self == .oci ? .ociConfig : .dockerConfig }
  var layer: MediaType { self == .oci ? .ociLayer : .dockerLayer }
}

/// A small valid config over layers; `changes` (JSON texts) replaces or removes members.
public func makeConfig(layers: [LayerTar], changes: KeyValuePairs<String, String?> = [:]) -> [UInt8] {
  let steps = layers.indices.map { index in
    RawObject(["created": created, "created_by": quoted("step \(index + 1)")]).text
  }
  let rootfs = RawObject([
    "type": quoted("layers"), "diff_ids": array(layers.map { quoted($0.diffID.description) }),
  ])
  var config = RawObject([
    "created": created, "architecture": quoted("amd64"), "os": quoted("linux"),
    "config": RawObject(["Cmd": array([quoted("/bin/true")])]).text,
    "rootfs": rootfs.text, "history": array(steps),
  ])
  config.merge(changes)
  return config.bytes
}

/// The manifest of a config and uncompressed layers, as buildah writes it.
public func makeManifest(
  config: [UInt8], layers: [LayerTar], format: ManifestFormat, changes: KeyValuePairs<String, String?> = [:]
) -> [UInt8] {
  func descriptor(_ type: MediaType, _ digest: Digest, _ size: Int) -> String {
    RawObject([
      "mediaType": quoted(type.description), "digest": quoted(digest.description), "size": String(size),
    ]).text
  }
  var manifest = RawObject([
    "schemaVersion": "2", "mediaType": quoted(format.manifest.description),
    "config": descriptor(format.config, SHA256.digest(of: config), config.count),
    "layers": array(layers.map { descriptor(format.layer, $0.diffID, $0.bytes.count) }),
  ])
  manifest.merge(changes)
  return manifest.bytes
}

/// The time of everything in the fixtures, as JSON text.
let created = quoted("2024-02-29T12:34:56Z")
