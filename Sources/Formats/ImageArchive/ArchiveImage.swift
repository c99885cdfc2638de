import Diagnostics
import Digests
import ImageModel

/// An image as an archive takes it: its bytes, its names, and where its layers come from.
public struct ArchiveImage: Sendable {
  /// The image's ID, for messages.
  public let id: String
  /// The names that a docker-archive gives the image: `repository:tag`, in order, without duplicates.
  public let tags: [String]
  /// The names that an OCI layout gives the image, in order; none for an image that was asked for by its ID.
  public let ociNames: [String]
  /// The manifest in the family that the format wants; it describes the uncompressed layers.
  public let manifest: Blob
  /// The config that the manifest names.
  public let config: Blob
  /// The layers, the base first.
  public let layers: [ArchiveLayer]

  /// Creates an image from its parts.
  public init(
    id: String, tags: [String], ociNames: [String], manifest: Blob, config: Blob, layers: [ArchiveLayer]
  ) {
    self.id = id
    self.tags = tags
    self.ociNames = ociNames
    self.manifest = manifest
    self.config = config
    self.layers = layers
  }
}

/// A layer and its source.
public struct ArchiveLayer: Sendable {
  /// Digest and size of the uncompressed tar.
  public let layer: Layer
  /// Where the tar comes from.
  public let source: any LayerSource

  /// Joins a layer with its source.
  public init(_ layer: Layer, source: any LayerSource) {
    self.layer = layer
    self.source = source
  }
}

extension ArchiveLayer {
  /// Opens the source.
  func open() throws(Failure) -> any LayerBytes {
    try naming { () throws(Failure) in try source.open() }
  }

  /// Does something with the source; failures name the image.
  func naming<Value>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    do {
      return try body()
    } catch {
      throw error.within(source.name)
    }
  }
}

/// Something that can deliver the uncompressed tar of a layer, any number of times.
public protocol LayerSource: Sendable {
  /// The name of the layer for messages: `image 0123456789ab: layer 0123456789ab`.
  var name: String { get }

  /// Starts to deliver the tar from its beginning.
  func open() throws(Failure) -> any LayerBytes

  /// Says why the tar is not what it should be, as far as that can be found out; called after a mismatch.
  func diagnosis() -> String?
}

/// The bytes of a layer's tar, one piece after the other.
public protocol LayerBytes: AnyObject {
  /// Lays out the next piece in a buffer: puts in what is at hand, and says how the rest is to be had.
  func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> LaidOutBytes

  /// Learns that the next bytes of the layer, so many, have been delivered.
  ///
  /// Called in order, by one thread, which may be another one than lays out the next piece meanwhile.
  func delivered(_ count: Int)
}

extension LayerBytes {
  /// Most sources do not care.
  public func delivered(_ count: Int) {}
}

/// A piece of a layer that may still lack bytes.
public struct LaidOutBytes: Sendable {
  /// Puts the bytes that are lacking into the buffer; tells whether the disk was waited for.
  ///
  /// May be called from any thread, while the same source lays out or loads other pieces.
  public typealias Load = @Sendable (UnsafeMutableRawBufferPointer) throws(Failure) -> Bool

  /// The number of bytes, less than the buffer's only at the end.
  public let count: Int
  /// What is still to be done; nil if nothing is lacking.
  public let load: Load?

  /// Describes a piece.
  public init(count: Int, load: Load? = nil) {
    self.count = count
    self.load = load
  }
}
