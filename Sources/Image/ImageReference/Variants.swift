extension ImageReference {
  /// The reference with the tag `latest` if it has neither tag nor digest.
  ///
  /// Source: containers/image docker/reference, TagNameOnly.
  public var taggedWithLatest: ImageReference {
    guard tag == nil, digest == nil else { return self }
    return ImageReference(domain: domain, path: path, tag: "latest", digest: nil)
  }

  /// The reference without its tag; a digest stays.
  public var withoutTag: ImageReference {
    ImageReference(domain: domain, path: path, tag: nil, digest: digest)
  }

  /// The reference without its tag if it has a digest, which is more specific.
  ///
  /// Source: libimage, normalizeTaggedDigestedNamed.
  public var withoutTagIfDigested: ImageReference {
    digest == nil ? self : withoutTag
  }

  /// The reference with this tag instead of its own; a digest stays.
  ///
  /// Source: containers/image docker/reference, WithTag.
  public func withTag(_ tag: String) throws(ReferenceError) -> ImageReference {
    guard Grammar.isTag(Array(tag.utf8)[...]) else { throw .invalidTag }
    return ImageReference(domain: domain, path: path, tag: tag, digest: digest)
  }

  /// The reference with this digest instead of its own; a tag stays.
  ///
  /// Only the form is checked: any algorithm, and any 32 hexadecimal digits or more.
  /// Source: containers/image docker/reference, WithDigest.
  public func withDigest(_ digest: String) throws(ReferenceError) -> ImageReference {
    guard Grammar.isDigest(Array(digest.utf8)[...]) else { throw .invalidDigest }
    return ImageReference(domain: domain, path: path, tag: tag, digest: digest)
  }
}
