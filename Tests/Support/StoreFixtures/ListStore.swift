import Digests
import Foundation
import ImageModel

/// A store with manifest lists: one of local images, one that lacks an image, and one that was pulled in part.
///
/// `localhost/built:1` lists three local images. `localhost/partial:1` lists one of them, and one that is nowhere.
/// `registry.example/acme/pulled:1` was pulled for amd64 and then for arm64, not for s390x: two records have its list,
/// which has an attestation, too, and the second one has the name.
public enum ListStore {
  /// The architectures of `localhost/built:1`, in the order of its list.
  public static let architectures = ["amd64", "arm64", "s390x"]
  /// The list of `localhost/built:1`.
  public static var builtList: [UInt8] { list(architectures.map { ($0, manifest(of: $0, isPulled: false)) }) }
  /// The list of `registry.example/acme/pulled:1`.
  public static var pulledList: [UInt8] {
    list(architectures.map { ($0, manifest(of: $0, isPulled: true)) }, hasAttestation: true)
  }

  /// Builds the store in a directory.
  @discardableResult
  public static func build(at root: String, driver: StoreBuilder.Driver = .overlay) throws -> StoreBuilder {
    var store = try StoreBuilder(root: root, driver: driver)
    var digests: [String: String] = [:]
    for architecture in architectures {
      let id = try store.addImage(
        config: config(of: architecture), manifest: manifest(of: architecture, isPulled: false),
        names: ["localhost/built:\(architecture)"], topLayer: try store.addLayers(layers(of: architecture)))
      digests[SHA256.digest(of: manifest(of: architecture, isPulled: false)).description] = id
    }
    try addList(builtList, "localhost/built:1", digests, to: &store)
    let partial = list([("amd64", manifest(of: "amd64", isPulled: false)), ("riscv64", Array("{}".utf8))])
    try addList(partial, "localhost/partial:1", digests, to: &store)
    let listItem = BigDataItem("manifest-\(SHA256.digest(of: pulledList))", pulledList)
    for (architecture, names) in [("amd64", []), ("arm64", ["registry.example/acme/pulled:1"])] {
      try store.addImage(
        config: config(of: architecture, isPulled: true), manifest: manifest(of: architecture, isPulled: true),
        names: names, topLayer: try store.addLayers(layers(of: architecture)), items: [listItem])
    }
    try store.write()
    return store
  }

  private static func addList(
    _ list: [UInt8], _ name: String, _ instances: [String: String], to store: inout StoreBuilder
  ) throws {
    let json =
      "{"
      + instances.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      .joined(separator: ",") + "}"
    try store.addImage(
      config: nil, manifest: list, names: [name], topLayer: nil,
      items: [BigDataItem("instances.json", Array(json.utf8))])
  }

  /// A layer that all images have, and one of the architecture.
  static func layers(of architecture: String) -> [LayerTar] {
    ["shared", architecture].map { text in
      var tar = TarBuilder()
      tar.directory("srv/")
      tar.file("srv/\(text)", "for \(text)\n")
      return tar.finish()
    }
  }

  private static func config(of architecture: String, isPulled: Bool = false) -> [UInt8] {
    makeConfig(
      layers: layers(of: architecture),
      changes: [
        "architecture": quoted(architecture), "variant": architecture == "arm64" ? quoted("v8") : nil,
        "author": isPulled ? quoted("registry") : nil,
      ])
  }

  /// The manifest of an image; that of a pulled one describes compressed layers, which the store does not have.
  private static func manifest(of architecture: String, isPulled: Bool) -> [UInt8] {
    let config = config(of: architecture, isPulled: isPulled)
    let layers = layers(of: architecture)
    guard isPulled else { return makeManifest(config: config, layers: layers, format: .oci) }
    let compressed = layers.map { layer in
      RawObject([
        "mediaType": quoted(MediaType.ociLayerGzip.description),
        "digest": quoted(SHA256.digest(of: Array("gzip \(layer.diffID)".utf8)).description), "size": "300",
      ]).text
    }
    return makeManifest(config: config, layers: layers, format: .oci, changes: ["layers": array(compressed)])
  }

  /// An image index as podman writes it.
  private static func list(_ manifests: [(architecture: String, bytes: [UInt8])], hasAttestation: Bool = false)
    -> [UInt8]
  {
    func entry(_ bytes: [UInt8], _ more: String) -> String {
      #"{"mediaType":"\#(MediaType.ociManifest)","digest":"\#(SHA256.digest(of: bytes))","#
        + #""size":\#(bytes.count),\#(more)}"#
    }
    var entries = manifests.map { manifest in
      let variant = manifest.architecture == "arm64" ? #","variant":"v8""# : ""
      return entry(
        manifest.bytes, #""platform":{"architecture":"\#(manifest.architecture)","os":"linux"\#(variant)}"#)
    }
    if hasAttestation {
      entries.append(
        entry(
          Array("attestation".utf8),
          #""annotations":{"vnd.docker.reference.type":"attestation-manifest"},"#
            + #""platform":{"architecture":"unknown","os":"unknown"}"#))
    }
    return Array(
      (#"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":["#
        + entries.joined(separator: ",") + "]}").utf8)
  }
}
