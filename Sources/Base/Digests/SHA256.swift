import CCrypto

/// A running SHA-256 (FIPS 180-4) by libcrypto, which uses the processor's SHA instructions if available.
public struct SHA256: Sendable {
  private var context = SHA256_CTX()

  /// Starts a hash over no bytes.
  public init() {
    SHA256_Init(&context)
  }

  /// Adds the bytes of a buffer.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    SHA256_Update(&context, base, bytes.count)
  }

  /// Adds bytes.
  public mutating func update(_ bytes: some Collection<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { update($0) }
    }
  }

  /// The digest of all bytes added so far; more may follow.
  public func digest() -> Digest {
    var final = context
    var value = SIMD32<UInt8>()
    withUnsafeMutableBytes(of: &value) { bytes in
      _ = SHA256_Final(bytes.assumingMemoryBound(to: UInt8.self).baseAddress, &final)
    }
    return Digest(value: value)
  }

  /// The digest of the bytes of one collection.
  public static func digest(of bytes: some Collection<UInt8>) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.digest()
  }
}
