import Digests

/// Archives of made images, of which a test spoils a part.
struct BuiltArchive {
  typealias File = (name: String, bytes: [UInt8])

  /// An image with the bytes of its layers.
  struct Image {
    var tags: [String]
    var layers: [[UInt8]]
    /// The `rootfs` of the config; nil for one that names the layers.
    var rootfs: String?
    /// More members of the config.
    var more = ""

    init(_ tags: String..., layers: [[UInt8]], rootfs: String? = nil, more: String = "") {
      (self.tags, self.layers, self.rootfs, self.more) = (tags, layers, rootfs, more)
    }

    var diffIDs: [Digest] { layers.map { SHA256.digest(of: $0) } }

    var config: [UInt8] {
      let list = diffIDs.map { "\"\($0)\"" }.joined(separator: ",")
      return Array(#"{"os":"linux","rootfs":\#(rootfs ?? #"{"diff_ids":[\#(list)]}"#)\#(more)}"#.utf8)
    }

    var id: Digest { SHA256.digest(of: config) }

    var manifest: [UInt8] {
      let layers = layers.map { descriptor("application/vnd.oci.image.layer.v1.tar", $0) }
      return Array(
        #"{"schemaVersion":2,"mediaType":"\#(BuiltArchive.manifest)","config":\#(descriptor("application/vnd.oci.image.config.v1+json", config)),"layers":[\#(layers.joined(separator: ","))]}"#
          .utf8)
    }
  }

  static let manifest = "application/vnd.oci.image.manifest.v1+json"
  static let index = "application/vnd.oci.image.index.v1+json"

  /// The name of a blob in a layout.
  static func blob(_ bytes: [UInt8]) -> String { "blobs/sha256/\(SHA256.digest(of: bytes).hex)" }

  /// The files of a docker-archive; `items` replaces the images of `manifest.json`.
  static func docker(_ images: [Image], items: String? = nil) -> [File] {
    var files: [File] = []
    for image in images {
      for layer in image.layers { files.append(("\(SHA256.digest(of: layer).hex).tar", layer)) }
      files.append(("\(image.id.hex).json", image.config))
    }
    let list = images.map { item($0, config: "\($0.id.hex).json") { "\($0.hex).tar" } }
    return unique(files + [("manifest.json", Array("[\(items ?? list.joined(separator: ","))]".utf8))])
  }

  /// An image of `manifest.json`.
  static func item(
    _ image: Image, config: String? = nil, layer: (Digest) -> String = { "blobs/sha256/\($0.hex)" }
  )
    -> String
  {
    let layers = image.diffIDs.map { "\"\(layer($0))\"" }.joined(separator: ",")
    let tags = image.tags.map { "\"\($0)\"" }.joined(separator: ",")
    return #"{"Config":"\#(config ?? blob(image.config))","RepoTags":[\#(tags)],"Layers":[\#(layers)]}"#
  }

  /// The files of a layout; `entries` replaces the entries of the index.
  static func oci(_ images: [Image], entries: [String]? = nil, more: [[UInt8]] = []) -> [File] {
    var files: [File] = [("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))]
    for bytes in images.flatMap({ $0.layers + [$0.config, $0.manifest] }) + more {
      files.append((blob(bytes), bytes))
    }
    let list =
      entries ?? images.flatMap { image in image.tags.map { entry(manifest, image.manifest, $0) } }
    return unique(files + [("index.json", Self.list(list))])
  }

  /// The files of a hybrid.
  static func hybrid(
    _ images: [Image], items: [String]? = nil, entries: [String]? = nil, more: [[UInt8]] = []
  ) -> [File] {
    let items = items ?? images.map { item($0) }
    return oci(images, entries: entries, more: more) + [
      ("manifest.json", Array("[\(items.joined(separator: ","))]".utf8))
    ]
  }

  /// A list of descriptors.
  static func list(_ entries: [String]) -> [UInt8] {
    Array(#"{"schemaVersion":2,"mediaType":"\#(index)","manifests":[\#(entries.joined(separator: ","))]}"#.utf8)
  }

  /// An entry of an index, with a name for all loaders.
  static func entry(_ type: String, _ bytes: [UInt8], _ name: String? = nil) -> String {
    let names = ["io.containerd.image.name", "org.opencontainers.image.ref.name"]
    let annotations = names.map { "\"\($0)\":\"\(name ?? "")\"" }.joined(separator: ",")
    return descriptor(type, bytes, name == nil ? "" : #","annotations":{\#(annotations)}"#)
  }

  /// Each name once.
  private static func unique(_ files: [File]) -> [File] {
    var seen: Set<String> = []
    return files.filter { seen.insert($0.name).inserted }
  }
}

/// A descriptor of a blob.
func descriptor(_ type: String, _ bytes: [UInt8], _ more: String = "") -> String {
  #"{"mediaType":"\#(type)","digest":"\#(SHA256.digest(of: bytes))","size":\#(bytes.count)\#(more)}"#
}
