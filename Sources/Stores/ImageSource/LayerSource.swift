import Diagnostics

/// Provides the bytes of a layer, a tar or a blob, any number of times.
///
/// Verifies nothing: the reader of the bytes compares digest and size with those in the image.
public protocol LayerSource: Sendable {
  /// The image of the layer, for messages.
  var name: String { get }

  /// Starts reading at the first byte.
  func open() throws(Failure) -> any LayerReader

  /// Refuses a layer if this process may not or cannot read every part; leaves damage to the reader.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `noPermission`, or a fault of the system.
  func checkReadable() throws(Failure)

  /// The reason for a mismatch, if it can be found; called after a mismatch.
  func diagnosis() -> String?
}

extension LayerSource {
  /// Does nothing: most sources are readable if they can be opened.
  public func checkReadable() throws(Failure) {}
  /// Returns nil: most sources have nothing to add.
  public func diagnosis() -> String? { nil }

  /// Runs a closure; adds the image to its failures.
  public func naming<Value>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    do {
      return try body()
    } catch {
      throw error.within(name)
    }
  }
}

/// Reads the bytes of a layer in pieces.
public protocol LayerReader: AnyObject {
  /// Prepares the next piece in a buffer: copies available bytes, and returns how to load the rest.
  func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> PendingPiece
}

/// A piece of a layer, possibly incomplete.
public struct PendingPiece: Sendable {
  /// Loads the missing bytes into the buffer; returns whether it waited for the disk.
  ///
  /// May be called from any thread, while the same reader prepares or loads other pieces.
  public typealias Load = @Sendable (UnsafeMutableRawBufferPointer) throws(Failure) -> Bool

  /// The number of bytes; less than the buffer's only at the end.
  public let count: Int
  /// Loads what is missing; nil if nothing is.
  public let load: Load?

  /// Describes a piece.
  public init(count: Int, load: Load? = nil) {
    self.count = count
    self.load = load
  }
}
