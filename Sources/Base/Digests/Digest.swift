/// A SHA-256 digest in the form `sha256:` and 64 lower-case hexadecimal digits.
///
/// Initializers accept no other text, so ``hex`` is safe as a file name. Other algorithms are refused:
/// containers-storage identifies blobs by SHA-256 only.
/// Source: OCI image-spec v1.1, descriptor.md, "Digests".
public struct Digest: Hashable, Sendable {
  /// The 32 bytes of the hash.
  public let value: SIMD32<UInt8>

  /// Creates a digest from a computed hash.
  public init(value: SIMD32<UInt8>) {
    self.value = value
  }

  /// Reads `sha256:` and 64 lower-case hexadecimal digits; nil for anything else.
  public init?(_ text: some StringProtocol) {
    self.init(utf8: Array(text.utf8)[...])
  }

  /// Reads the UTF-8 bytes of `sha256:` and 64 lower-case hexadecimal digits; nil for anything else.
  public init?(utf8 bytes: ArraySlice<UInt8>) {
    guard bytes.starts(with: Digest.prefix) else { return nil }
    self.init(hexUTF8: bytes.dropFirst(Digest.prefix.count))
  }

  /// Reads 64 lower-case hexadecimal digits; nil for anything else.
  public init?(hex: some StringProtocol) {
    self.init(hexUTF8: Array(hex.utf8)[...])
  }

  private init?(hexUTF8 digits: ArraySlice<UInt8>) {
    guard digits.count == 64 else { return nil }
    var value = SIMD32<UInt8>()
    var position = digits.startIndex
    for index in 0..<32 {
      guard let high = nibble(digits[position]), let low = nibble(digits[position + 1]) else { return nil }
      value[index] = high << 4 | low
      position += 2
    }
    self.value = value
  }

  /// The 64 hexadecimal digits without the algorithm.
  public var hex: String {
    String(unsafeUninitializedCapacity: 64) { buffer in
      for index in 0..<32 {
        buffer[2 * index] = digit(value[index] >> 4)
        buffer[2 * index + 1] = digit(value[index] & 15)
      }
      return 64
    }
  }

  private static let prefix = Array("sha256:".utf8)
}

extension Digest: CustomStringConvertible {
  /// The digest as written in manifests: `sha256:` and the digits.
  public var description: String { "sha256:" + hex }
}

private func nibble(_ character: UInt8) -> UInt8? {
  switch character {
  case 0x30...0x39: character - 0x30
  case 0x61...0x66: character - 0x61 + 10
  default: nil
  }
}

private func digit(_ value: UInt8) -> UInt8 {
  value < 10 ? 0x30 + value : 0x61 + value - 10
}
