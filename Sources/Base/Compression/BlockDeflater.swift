import Diagnostics

/// Compresses blocks of a gzip member one by one, so that they can be compressed side by side.
///
/// Each block is primed with the 32 KiB before it and ends at a byte boundary (a sync flush), so that the
/// compressed blocks joined in order are one deflate stream whose bytes depend on the data and the level only.
/// Sources: RFC 1951, RFC 1952; the method is that of pigz.
public protocol BlockDeflater: AnyObject {
  /// Compresses a block behind its history; returns the number of bytes written to the output.
  ///
  /// The output must have the ``blockCapacity(forBlockOf:)`` of the block.
  func deflate(
    _ block: UnsafeRawBufferPointer, history: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(Failure) -> Int
}

/// How much of the data before a block primes its compression, in bytes: as far as deflate can look back.
public let blockHistorySize = 32 << 10

/// The most bytes that a block of a size can have after compression.
public func blockCapacity(forBlockOf size: Int) -> Int {
  size + size >> 8 + 1024
}
