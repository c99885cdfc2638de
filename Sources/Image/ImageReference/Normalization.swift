extension ImageReference {
  /// Reads a reference and completes it: `busybox` is `docker.io/library/busybox`.
  ///
  /// The limit of 255 bytes applies to the completed name.
  /// Source: containers/image docker/reference, ParseNormalizedNamed.
  public static func parseNormalized(_ text: String) throws(ReferenceError) -> ImageReference {
    let bytes = Array(text.utf8)
    if Grammar.isIdentifier(bytes[...]) { throw .identifier(text) }
    let (domain, remainder) = splitDomain(bytes[...])
    if changesWhenLowercased(cut(remainder, at: ":").before) { throw .uppercaseRepository }
    return try parse(String(decoding: domain + [UInt8(ascii: "/")] + remainder, as: UTF8.self))
  }

  /// Reads a reference that must be complete already.
  ///
  /// Source: containers/image docker/reference, ParseNamed.
  public static func parseNamed(_ text: String) throws(ReferenceError) -> ImageReference {
    let reference = try parseNormalized(text)
    guard reference.description.utf8.elementsEqual(text.utf8) else { throw .notCanonical }
    return reference
  }

  /// Reads and completes a reference, including `latest`; drops the tag if there is a digest.
  ///
  /// Source: containers/image docker/reference, ParseDockerRef.
  public static func parseDockerReference(_ text: String) throws(ReferenceError) -> ImageReference {
    try parseNormalized(text).withoutTagIfDigested.taggedWithLatest
  }

  /// Splits a name into registry and rest, and completes both.
  private static func splitDomain(_ text: Bytes) -> (domain: Bytes, remainder: Bytes) {
    var domain = defaultDomain
    var remainder = text
    let (first, rest) = cut(text, at: "/")
    if let rest, namesRegistry(first) {
      domain = first.elementsEqual(legacyDomain) ? defaultDomain : first
      remainder = rest
    }
    if domain.elementsEqual(defaultDomain), !remainder.contains(UInt8(ascii: "/")) {
      remainder = officialPrefix + remainder
    }
    return (domain, remainder)
  }

  private static let defaultDomain = Array("docker.io".utf8)[...]
  private static let legacyDomain = Array("index.docker.io".utf8)[...]
  private static let officialPrefix = Array("library/".utf8)[...]
}

/// Whether the first component of a name is a registry: it has a dot or a port, or is `localhost`.
func namesRegistry(_ component: Bytes) -> Bool {
  component.contains(UInt8(ascii: ".")) || component.contains(UInt8(ascii: ":"))
    || component.elementsEqual("localhost".utf8)
}
