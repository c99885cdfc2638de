extension ImageReference {
  /// Whether a text is a name without a registry, which could be in several.
  ///
  /// Names with a tag or a digest can be short; a text that is no reference is not.
  /// Source: containers/image pkg/shortnames, IsShortName.
  public static func isShortName(_ text: String) -> Bool {
    guard let reference = try? parse(text) else { return false }
    return !reference.hasRegistry
  }

  /// Reads what a user wrote for an image to be found; of a tag and a digest only the digest stays.
  ///
  /// The name is not completed. An error names the text: `parsing reference "<text>": ...`.
  /// Source: libimage, normalizeTaggedDigestedString.
  public static func parseStrippingTag(_ text: String) throws(ReferenceError) -> ImageReference {
    do {
      return try parse(text).withoutTagIfDigested
    } catch {
      throw .parsing(text, error)
    }
  }

  /// Completes what a user wrote as a new name of an image; a short name is one of `localhost`.
  ///
  /// The result has a tag or a digest, never both. A text that is no reference fails with
  /// `normalizing name "<text>": ...`; a reference that cannot be completed with the bare reason.
  /// Source: libimage, NormalizeName.
  public static func normalizedName(_ text: String) throws(ReferenceError) -> ImageReference {
    let reference: ImageReference
    do {
      reference = try parse(text)
    } catch {
      throw .normalizing(text, error)
    }
    let full = reference.hasRegistry ? text : "localhost/" + text
    return try parseNormalized(full).withoutTagIfDigested.taggedWithLatest
  }

  /// Whether a text can be the reference name of an image in an OCI layout; the empty text can.
  ///
  /// Not every image name can: two underscores in a row or a hyphen at the end of a tag are refused.
  /// Source: containers/image oci/internal, validation of OCI reference names.
  public static func isValidOCIReferenceName(_ text: String) -> Bool {
    text.isEmpty || Grammar.isOCIReferenceName(Array(text.utf8)[...])
  }
}
