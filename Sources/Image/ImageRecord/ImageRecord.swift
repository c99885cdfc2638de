import Digests
import ImageModel
import JSON

/// What the tools tell each other about one image: the contract `img/1`, described in img-json(5).
///
/// The members that decide about bytes have types of their own here. All others, those for people and those that
/// another program added, are kept as they are in ``others``.
public struct ImageRecord: Sendable {
  /// The version of the contract, the value of the member `schema`.
  public static let schema = "img/1"

  /// What the user typed; nil if the record does not say.
  public var input: String?
  /// The resolved name; nil where saving would drop it.
  public var name: String?
  /// The names that will be written into the archive, in order.
  public var tags: [String]
  /// The image's ID, 64 hexadecimal digits.
  public var id: String
  /// The manifest with its exact bytes.
  public var manifest: Blob
  /// The config with its exact bytes; nil if the manifest's kind has none (Docker schema 1).
  public var config: Blob?
  /// What the store can deliver, the base layer first.
  public var layers: [RecordLayer]
  /// Where the layers are.
  public var storage: RecordStorage
  /// All further members, such as `names`, `created`, `platform` and `labels`.
  public var others: [RecordMember]

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
}

/// A layer of a record: what it is, and by which ID the store knows it.
public struct RecordLayer: Sendable {
  /// The media type of the uncompressed tar in the family of the manifest.
  public var mediaType: MediaType
  /// Digest and size of the uncompressed tar.
  public var layer: Layer
  /// The store's ID of the layer, 64 hexadecimal digits.
  public var storageLayer: String
  /// All further members.
  public var others: [RecordMember]

  /// Creates a layer from its parts.
  public init(mediaType: MediaType, layer: Layer, storageLayer: String, others: [RecordMember] = []) {
    self.mediaType = mediaType
    self.layer = layer
    self.storageLayer = storageLayer
    self.others = others
  }
}

/// The store that the layers of a record are in.
public struct RecordStorage: Hashable, Sendable {
  /// The graph root, an absolute path.
  public var root: String
  /// The name of the storage driver.
  public var driver: String
  /// The separate root of images, if there is one.
  public var imageStore: String?
  /// The roots of further stores, in the order they are searched.
  public var additionalStores: [String]

  /// Creates the description of a store.
  public init(root: String, driver: String, imageStore: String? = nil, additionalStores: [String] = []) {
    self.root = root
    self.driver = driver
    self.imageStore = imageStore
    self.additionalStores = additionalStores
  }
}

/// A member that a tool passes on without looking into it.
public struct RecordMember: Sendable {
  /// The member's name.
  public let key: [UInt8]
  /// The member's value.
  public let value: JSONValue

  /// A member with the value that a closure writes.
  ///
  /// - Throws: A ``JSONError`` if the closure does not write exactly one value.
  public init(_ key: String, _ write: (inout JSONWriter) -> Void) throws(JSONError) {
    var writer = JSONWriter()
    write(&writer)
    self.key = Array(key.utf8)
    value = try JSONValue(parsing: writer.bytes, rules: .strictWithMaps)
  }

  init(key: [UInt8], value: JSONValue) {
    self.key = key
    self.value = value
  }
}
