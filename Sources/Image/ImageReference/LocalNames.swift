extension ImageReference {
  /// Whether a text is a name without a registry, which several registries could have.
  ///
  /// A short name may have a tag or a digest; a text that is not a reference is not short.
  /// Source: containers/image pkg/shortnames, IsShortName.
  public static func isShortName(_ text: String) -> Bool {
    guard let reference = try? parse(text) else { return false }
    return !reference.hasRegistry
  }

  /// Reads the name of an image to look up; drops the tag if there is a digest.
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

  /// Completes a new name of an image; a short name gets the registry `localhost`.
  ///
  /// The result has a tag or a digest, never both. A text that is not a reference fails with
  /// `normalizing name "<text>": ...`; a reference that cannot be completed fails with the bare reason.
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
