import Diagnostics
import Digests
import ImageModel
import ImageSource

/// An image as input of a format: manifest, config, names, and layers with their contents.
public struct FormatImage: Sendable {
  /// The image's names in the output: `repository:tag`, in order, without duplicates.
  public let tags: [String]
  /// The name of an image without tags; nil for one requested by its ID.
  public let name: String?
  /// The manifest in the format's family; it describes the uncompressed layers.
  public let manifest: Blob
  /// The config of the manifest.
  public let config: Blob
  /// The layers, the base first.
  public internal(set) var layers: [SourceLayer]
  /// The list that the image is in; nil for an image alone.
  public internal(set) var list: OutputList?

  /// Creates an image from its parts.
  public init(
    tags: [String], name: String? = nil, manifest: Blob, config: Blob, layers: [SourceLayer],
    list: OutputList? = nil
  ) {
    self.tags = tags
    self.name = name
    self.manifest = manifest
    self.config = config
    self.layers = layers
    self.list = list
  }

  /// The chain ID of the layers that are left out and that the receiver must have; nil if none is.
  func neededChain(besides present: (Layer) -> Bool) -> Digest? {
    guard let top = layers.lastIndex(where: { $0.isAbsent && !present($0.layer) }) else { return nil }
    return chainIDs(of: layers.map(\.layer.diffID))[top]
  }

  /// The names for formats that accept any name: the tags, else the one name, else none.
  var referenceNames: [String] { tags.isEmpty ? name.map { [$0] } ?? [] : tags }
}

extension [FormatImage] {
  /// Whether a layer is described, but left out.
  var leaveLayersOut: Bool { contains { $0.layers.contains(where: \.isAbsent) } }

  /// The loader that does not fail if layers are missing.
  var notesOnAbsentLayers: [String] {
    guard leaveLayersOut else { return [] }
    return [
      "Docker with the image store of containerd exits 0 even if layers are missing: its output then has \"Error unpacking\""
    ]
  }

  /// The layers to write: each with content once, in the order of first occurrence.
  public var writtenLayers: [SourceLayer] {
    var seen: Set<Layer> = []
    return flatMap(\.layers).filter { !$0.isAbsent && seen.insert($0.layer).inserted }
  }
}
