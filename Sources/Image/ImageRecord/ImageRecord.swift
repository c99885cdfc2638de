import Digests
import ImageModel
import JSON

/// The record of one image that the tools exchange: the contract `img/1`, described in img-json(5).
///
/// Members that determine the output's bytes have properties here. All others, for display or from other
/// programs, stay unchanged in ``others``.
public struct ImageRecord: Sendable {
  /// The version of the contract, the value of the member `schema`.
  public static let schema = "img/1"

  /// The user's input; nil if the record has none.
  public var input: String?
  /// The resolved name; nil where saving would drop it.
  public var name: String?
  /// The names that are written into the archive, in order.
  public var tags: [String]
  /// The image's ID, 64 hexadecimal digits.
  public var id: String
  /// The manifest with its exact bytes.
  public var manifest: Blob
  /// The config with its exact bytes; nil if the manifest's kind has none (Docker schema 1).
  public var config: Blob?
  /// The list that the image is written with; nil for an image alone.
  public var index: RecordIndex?
  /// The layers that the source provides, base first.
  public var layers: [RecordLayer]
  /// Where the layers are.
  public var storage: RecordStorage
  /// All other members, such as `names`, `created`, `platform` and `labels`.
  public var others: [RecordMember]
  /// The edits that are not applied yet.
  var edits = RecordEdits()

  /// Creates a record from its parts.
  public init(
    input: String?, name: String?, tags: [String], id: String, manifest: Blob, config: Blob?,
    layers: [RecordLayer], storage: RecordStorage, others: [RecordMember] = []
  ) {
    self.input = input
    self.name = name
    self.tags = tags
    self.id = id
    self.manifest = manifest
    self.config = config
    self.layers = layers
    self.storage = storage
    self.others = others
  }

  /// The image's name in messages: its name, else the user's input, else the start of its ID.
  public var title: String { name ?? input ?? "image \(id.prefix(12))" }
}

/// A layer of a record: its description, and its location in the source.
public struct RecordLayer: Sendable {
  /// The media type of the uncompressed tar in the family of the manifest.
  public var mediaType: MediaType
  /// Digest and size of the uncompressed tar, and the blob that the source stores.
  public var layer: Layer
  /// Whether the layer is only described, because the recipient of the output has it already.
  public var isAbsent: Bool
  /// The location of the layer, in a form specific to the source.
  public var locator: RecordObject
  /// All other members.
  public var others: [RecordMember]

  /// Creates a layer from its parts.
  public init(
    mediaType: MediaType, layer: Layer, isAbsent: Bool = false, locator: RecordObject,
    others: [RecordMember] = []
  ) {
    self.mediaType = mediaType
    self.layer = layer
    self.isAbsent = isAbsent
    self.locator = locator
    self.others = others
  }
}

/// The store, archive or directory that the layers of a record are in.
public struct RecordStorage: Sendable {
  /// The kind of a record that does not name one.
  public static let defaultKind = "containers-storage"

  /// The kind of the source, which defines the meaning of the members.
  public let kind: String
  /// The members, including `kind` unless it is the default.
  public let members: RecordObject

  /// Creates a storage; the members must name the kind unless it is the default.
  public init(kind: String, members: RecordObject) {
    self.kind = kind
    self.members = members
  }
}
