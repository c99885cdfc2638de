import ContainersStorage
import Diagnostics
import ImageReference

/// Finds the image that a user means by a name, an ID or a reference, as Podman's library does.
///
/// Fails with kind `notFound` if there is no such image; all other kinds mean that the text is malformed or the
/// store is damaged. Only the records and manifests that the text leads to are read.
/// Source: containers/common libimage runtime.go, LookupImage.
public func lookUpImage(
  _ name: String, in snapshot: StoreSnapshot, options: LookupOptions = LookupOptions()
) throws(Failure) -> FoundImage {
  try Lookup(snapshot: snapshot, options: options).find(name)
}

/// One lookup: the rules, in their order.
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
    // A text with the prefix of a transport, if that transport takes it.
    if let found = try findByTransport(input) { return found }

    // Of a tag and a digest only the digest counts.
    let reference: ImageReference
    do {
      reference = try ImageReference.parseStrippingTag(input)
    } catch {
      throw Failure(.usage, "", error.description)
    }
    let name = reference.description

    // A whole ID: nothing else is tried.
    if let found = try findByID(name) { return found }

    for candidate in try candidates(for: name) {
      options.trace(.tried(candidate.name.description, candidate.match))
      if let image = resolve(candidate.name, in: snapshot),
        let chosen = try choose(image, for: candidate.name.description)
      {
        return found(chosen, as: candidate.name.description, candidate.match)
      }
    }

    // The text itself: a name that is stored as it stands, or the beginning of an ID.
    options.trace(.tried(name, .rawName))
    if let (image, key) = snapshot.image(matching: name), let chosen = try choose(image, for: name) {
      return found(chosen, as: name, Match(key))
    }

    if let found = try findByRepository(reference) { return found }
    throw unknown(name)
  }

  /// Finds `sha256:` and 64 digits, or the digits alone; nil for a text that is not meant to be an ID.
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
  /// The rule for a text that was looked up as it stands.
  init(_ key: ImageKey) {
    switch key {
    case .id: self = .id
    case .idPrefix: self = .idPrefix
    case .name: self = .rawName
    }
  }
}
