import ContainersStorage
import Diagnostics
import ImageReference

/// Finds the image for a name, an ID or a reference, by the rules of Podman's library.
///
/// Fails with kind `notFound` if there is no such image; all other kinds mean a malformed text or a damaged
/// store. Reads only the records and manifests that the text leads to.
/// Source: containers/common libimage runtime.go, LookupImage.
public func lookUpImage(
  _ name: String, in snapshot: StoreSnapshot, options: LookupOptions = LookupOptions()
) throws(Failure) -> FoundImage {
  try Lookup(snapshot: snapshot, options: options).find(name)
}

/// One lookup: the rules in order.
struct Lookup {
  let snapshot: StoreSnapshot
  let options: LookupOptions

  func find(_ input: String) throws(Failure) -> FoundImage {
    options.trace(.started(input))
    let found = try search(input)
    options.trace(.found(image: found.image.idText, name: found.resolvedName, found.match))
    return found
  }

  private func search(_ input: String) throws(Failure) -> FoundImage {
    // A text with the prefix of a transport, if that transport accepts it.
    if let found = try findByTransport(input) { return found }

    // If there are a tag and a digest, only the digest counts.
    let reference: ImageReference
    do {
      reference = try ImageReference.parseStrippingTag(input)
    } catch {
      throw Failure(.usage, "", error.description)
    }
    let name = reference.description

    // A complete ID: nothing else is tried.
    if let found = try findByID(name) { return found }

    for candidate in try candidates(for: name) {
      options.trace(.tried(candidate.name.description, candidate.match))
      if let image = try resolve(candidate.name, in: snapshot),
        let chosen = try choose(image, for: candidate.name.description)
      {
        return found(chosen, as: candidate.name.description, candidate.match)
      }
    }

    // The text itself: a name exactly as stored, or a prefix of an ID.
    options.trace(.tried(name, .rawName))
    if let (image, key) = snapshot.image(matching: name), let chosen = try choose(image, for: name) {
      return found(chosen, as: name, Match(key))
    }

    if let found = try findByRepository(reference) { return found }
    throw unknown(name)
  }

  /// Finds `sha256:` and 64 digits, or the digits alone; nil for a text that is not an ID.
  private func findByID(_ name: String) throws(Failure) -> FoundImage? {
    let prefix = "sha256:"
    let isPrefixed = name.hasPrefix(prefix)
    let digits = isPrefixed ? String(name.dropFirst(prefix.count)) : name
    guard StorageID(digits) != nil else {
      if isPrefixed { throw Failure(.usage, name, "after \"sha256:\" 64 hexadecimal digits are needed") }
      return nil
    }
    options.trace(.tried(digits, .id))
    guard let (image, key) = snapshot.image(matching: digits), let chosen = try choose(image, for: digits)
    else {
      throw unknown(name)
    }
    return found(chosen, as: name, Match(key))
  }

  func found(_ chosen: ChosenImage, as name: String, _ match: Match) -> FoundImage {
    FoundImage(
      image: chosen.image, store: snapshot, resolvedName: name, match: match, list: chosen.list,
      requestedManifest: nil)
  }
}

extension Match {
  /// The rule for a text that was looked up unchanged.
  init(_ key: ImageKey) {
    switch key {
    case .id: self = .id
    case .idPrefix: self = .idPrefix
    case .name: self = .rawName
    }
  }
}
