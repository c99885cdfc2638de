extension ImageReference {
  /// The maximum length of a repository, including domain and slash, in bytes.
  private static let longestName = 255

  /// Reads a reference without completing it.
  ///
  /// `busybox` has an empty domain here, and `library/busybox` the domain `library`.
  /// Source: containers/image docker/reference, Parse.
  public static func parse(_ text: String) throws(ReferenceError) -> ImageReference {
    guard let parts = Grammar.reference(Array(text.utf8)[...]) else { throw mismatch(text) }
    guard parts.name.count <= longestName else { throw .tooLong }
    if let digest = parts.digest { try checkDigest(digest) }
    return ImageReference(
      domain: String(decoding: parts.name.domain, as: UTF8.self),
      path: String(decoding: parts.name.path, as: UTF8.self),
      tag: parts.tag.map { String(decoding: $0, as: UTF8.self) },
      digest: parts.digest.map { String(decoding: $0, as: UTF8.self) })
  }

  /// Why a text is not a reference.
  private static func mismatch(_ text: String) -> ReferenceError {
    if text.isEmpty { return .empty }
    guard let lower = lowercasedASCII(text), Grammar.reference(lower[...]) != nil else {
      return .invalidFormat
    }
    return .uppercase
  }
}

/// Checks the algorithm of a text that fits ``Grammar/isDigest(_:)``, and its number of digits.
///
/// Source: opencontainers/go-digest, Digest.Validate.
func checkDigest(_ text: Bytes) throws(ReferenceError) {
  let (algorithm, hex) = cut(text, at: ":")
  guard let hex else { throw .digestFormat }
  guard let length = hexLength(String(decoding: algorithm, as: UTF8.self)) else {
    throw algorithm.contains(where: isUpper) ? .digestFormat : .digestAlgorithm
  }
  guard hex.count == length else { throw .digestLength }
  guard hex.allSatisfy(isLowerHexDigit) else { throw .digestFormat }
}

private func hexLength(_ algorithm: String) -> Int? {
  switch algorithm {
  case "sha256": 64
  case "sha384": 96
  case "sha512": 128
  default: nil
  }
}
