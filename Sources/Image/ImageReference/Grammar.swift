/// UTF-8 bytes of a text, or of a part of it.
typealias Bytes = ArraySlice<UInt8>

/// The grammar of image names, on bytes.
///
/// Every function reads its whole input once, from left to right. All character classes are ASCII, so a byte of
/// a longer UTF-8 sequence matches nothing.
/// Source: containers/image docker/reference, regexp.go.
enum Grammar {
  /// The parts of a reference; tag and digest without their `:` and `@`.
  struct Reference {
    var name: Name
    var tag: Bytes?
    var digest: Bytes?
  }

  /// The parts of a name; the domain may be empty.
  struct Name {
    var domain: Bytes
    var path: Bytes
    /// The length in bytes, slash included.
    var count: Int { domain.isEmpty ? path.count : domain.count + 1 + path.count }
  }

  /// Splits `name[:tag][@digest]`; nil if the text is not a reference.
  static func reference(_ text: Bytes) -> Reference? {
    let (tagged, digest) = cut(text, at: "@")
    // A colon before the last slash belongs to a port, and no tag has a slash.
    let base = tagged.lastIndex(of: UInt8(ascii: "/")) ?? tagged.startIndex
    let (last, tag) = cut(tagged[base...], at: ":")
    guard let name = name(tagged[..<last.endIndex]) else { return nil }
    if let tag, !isTag(tag) { return nil }
    if let digest, !isDigest(digest) { return nil }
    return Reference(name: name, tag: tag, digest: digest)
  }

  /// Splits `[domain/]path`; nil if the text is not a name.
  ///
  /// The first of several components is the domain if it can be one.
  static func name(_ text: Bytes) -> Name? {
    let (first, rest) = cut(text, at: "/")
    if let rest, isDomain(first) {
      return isPath(rest) ? Name(domain: first, path: rest) : nil
    }
    return isPath(text) ? Name(domain: text.prefix(0), path: text) : nil
  }

  /// A host name or address, optionally with a port; never an IPv6 address.
  static func isDomain(_ text: Bytes) -> Bool {
    let (host, port) = cut(text, at: ":")
    if let port, port.isEmpty || !port.allSatisfy(isDigit) { return false }
    return isRuns(host, of: isAlphanumeric) { separator in
      switch separator {
      case UInt8(ascii: "."): 1
      case UInt8(ascii: "-"): .max
      default: 0
      }
    }
  }

  /// Lower-case components with slashes between them.
  static func isPath(_ text: Bytes) -> Bool {
    isRuns(text, of: isLowerAlphanumeric) { separator in
      switch separator {
      case UInt8(ascii: "/"), UInt8(ascii: "."): 1
      case UInt8(ascii: "_"): 2
      case UInt8(ascii: "-"): .max
      default: 0
      }
    }
  }

  /// One to 128 word characters, dots and hyphens; the first is a word character.
  static func isTag(_ text: Bytes) -> Bool {
    guard let first = text.first, isWord(first), text.count <= 128 else { return false }
    return text.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  /// An algorithm, a colon, and at least 32 hexadecimal digits of either case.
  ///
  /// ``checkDigest(_:)`` checks the algorithm and its number of digits.
  static func isDigest(_ text: Bytes) -> Bool {
    let (algorithm, hex) = cut(text, at: ":")
    guard let hex, hex.count >= 32, hex.allSatisfy(isHexDigit) else { return false }
    return isRuns(algorithm, of: isAlphanumeric, startingWith: isLetter) { separator in
      switch separator {
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "."): 1
      default: 0
      }
    }
  }

  /// An image ID: exactly 64 lower-case hexadecimal digits.
  static func isIdentifier(_ text: Bytes) -> Bool {
    text.count == 64 && text.allSatisfy(isLowerHexDigit)
  }

  /// Components of letters and digits, with single separators (or two hyphens) between the runs.
  ///
  /// Source: containers/image oci/internal, the pattern of reference names.
  static func isOCIReferenceName(_ text: Bytes) -> Bool {
    isRuns(text, of: isAlphanumeric) { separator in
      switch separator {
      case UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "@"),
        UInt8(ascii: "+"):
        1
      case UInt8(ascii: "-"): 2
      default: 0
      }
    }
  }
}
