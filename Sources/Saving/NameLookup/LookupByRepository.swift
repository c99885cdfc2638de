import ContainersStorage
import Diagnostics
import ImageReference

extension Lookup {
  /// Finds a short name at the end of a stored one: `foo:1` in `quay.io/ns/foo:1`.
  ///
  /// The first record wins. Invalid stored names are skipped with a note; libimage would fail.
  /// Source: libimage runtime.go, lookupImageInDigestsAndRepoTags.
  func findByRepository(_ reference: ImageReference) throws(Failure) -> FoundImage? {
    guard ImageReference.isShortName(reference.description) else { return nil }
    let required = reference.taggedWithLatest
    let repository = Array(required.name.utf8)
    for image in snapshot.images where image.hasName(containing: repository) {
      guard let name = name(of: image, endingWith: required) else { continue }
      options.trace(.tried(name.description, .repository))
      guard let resolved = try resolve(name, in: snapshot),
        let chosen = try choose(resolved, for: name.description)
      else { continue }
      guard let digest = required.digest else { return found(chosen, as: name.description, .repository) }
      guard chosen.image.hasDigest(utf8: Array(digest.utf8)) else { continue }
      return found(chosen, as: "\(name.name)@\(digest)", .repository)
    }
    return nil
  }

  /// The first name of an image whose repository ends with another, at a slash, with the same tag if given.
  ///
  /// Source: libimage image.go, referenceFuzzilyMatchingRepoAndTag.
  private func name(of image: ImageEntry, endingWith required: ImageReference) -> ImageReference? {
    let end = required.name
    for stored in image.names {
      do {
        let name = try ImageReference.parse(stored)
        let hasTag = required.digest != nil || name.tag == required.tag
        if hasTag, name.name == end || name.name.hasSuffix("/" + end) { return name }
      } catch {
        options.note(.invalidName(stored, reason: error.description))
      }
    }
    return nil
  }
}
