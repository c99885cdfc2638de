import Diagnostics

/// Something that provides the bytes of a layer, its tar or a blob, any number of times.
///
/// Nothing is verified here: the reader of the bytes compares digest and size with what the image promises.
public protocol LayerSource: Sendable {
  /// What messages call the image of the layer.
  var name: String { get }

  /// Starts to read from the first byte.
  func open() throws(Failure) -> any LayerReader

  /// Refuses a layer of which this process may not read every part; leaves any other fault to the reading.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `noPermission`.
  func checkReadable() throws(Failure)

  /// Why the bytes are not what they should be, as far as that can be found out; asked for after a mismatch.
  func diagnosis() -> String?
}

extension LayerSource {
  /// Most sources are readable as soon as they can be opened.
  public func checkReadable() throws(Failure) {}
  /// Most sources know nothing more.
  public func diagnosis() -> String? { nil }

  /// Does something with the source; failures name the image.
  public func naming<Value>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    do {
      return try body()
    } catch {
      throw error.within(name)
    }
  }
}

/// Reads the bytes of a layer, one piece after the other.
public protocol LayerReader: AnyObject {
  /// Prepares the next piece in a buffer: copies what is at hand, and returns how to load the rest.
  func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> PendingPiece
}

/// A piece of a layer that may still lack bytes.
public struct PendingPiece: Sendable {
  /// Loads the missing bytes into the buffer; returns whether the disk was waited for.
  ///
  /// May be called from any thread, while the same reader prepares or loads other pieces.
  public typealias Load = @Sendable (UnsafeMutableRawBufferPointer) throws(Failure) -> Bool

  /// The number of bytes, less than the buffer's only at the end.
  public let count: Int
  /// What is still to be done; nil if nothing is missing.
  public let load: Load?

  /// Describes a piece.
  public init(count: Int, load: Load? = nil) {
    self.count = count
    self.load = load
  }
}
