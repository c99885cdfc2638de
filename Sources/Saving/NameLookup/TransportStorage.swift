import ContainersConfiguration
import ContainersStorage
import Diagnostics
import Digests
import ImageReference
import POSIX

extension StoreSpecification {
  /// Whether the specification names a store that is already open; ignores its options.
  func names(_ location: StoreLocation) -> Bool {
    guard let graphRoot, Path(graphRoot).appending("").bytes == location.root.appending("").bytes else {
      return false
    }
    return driver == nil || (try? StorageDriver(named: driver ?? "")) == location.driver
  }
}

/// The part after the store in a `containers-storage:` reference: a name, an ID, or both.
///
/// Source: containers/image storage, storage_transport.go, ParseStoreReference.
struct StorageReference: Equatable {
  var name: ImageReference?
  /// The complete ID, 64 digits.
  var id: String?

  /// The minimum length of an ID prefix.
  private static let shortestID = 3

  /// Parses a reference; nil if it is invalid.
  ///
  /// Completes prefixes of IDs from the store.
  init?(parsing text: Substring, in store: StoreSnapshot) {
    var rest = text
    if rest.hasPrefix("[") {
      guard let end = rest.utf8.firstIndex(of: 0x5D) else { return nil }
      rest = rest[rest.utf8.index(after: end)...]
    } else if rest.isEmpty {
      return nil
    }
    if let at = rest.utf8.lastIndex(of: 0x40) {
      let last = rest[rest.utf8.index(after: at)...]
      if last.isEmpty { return nil }
      if !isDigest(last) {
        guard let id = Self.wholeID(last, in: store) else { return nil }
        self.id = id
        rest = rest[..<at]
      }
    }
    // Here an ID prefix precedes a name, unlike elsewhere.
    if id == nil, !rest.utf8.contains(0x40), !rest.utf8.contains(0x3A),
      let id = Self.completedID(rest, in: store)
    {
      self.id = id
      rest = ""
    }
    if !rest.isEmpty {
      guard let name = try? ImageReference.parseNormalized(String(rest)) else { return nil }
      self.name = name.taggedWithLatest
    }
    if name == nil, id == nil { return nil }
  }

  private static func wholeID(_ text: Substring, in store: StoreSnapshot) -> String? {
    StorageID(text)?.description ?? completedID(text, in: store)
  }

  private static func completedID(_ text: Substring, in store: StoreSnapshot) -> String? {
    guard text.utf8.count >= shortestID, let (image, _) = store.image(matching: String(text)),
      image.idText.hasPrefix(text)
    else { return nil }
    return image.idText
  }
}

extension Lookup {
  /// Finds the image of a `containers-storage:` reference; fails for references of other transports.
  ///
  /// Nil if the text is not a reference of a transport, and so may be a name. Returns the image of the record,
  /// even for a manifest list; the platform is not checked.
  /// Source: libimage runtime.go, LookupImage.
  func findByTransport(_ text: String) throws(Failure) -> FoundImage? {
    guard let (transport, rest) = Transport.split(text) else { return nil }
    guard transport == .containersStorage else {
      guard transport.accepts(rest, files: options.files) else { return nil }
      throw Failure(
        .usage, "", "unsupported transport \"\(transport.rawValue)\" for looking up local images")
    }
    guard let (store, rest) = try store(of: rest),
      let reference = StorageReference(parsing: rest, in: store)
    else { return nil }
    guard let image = try resolve(reference, in: store) else { throw unknown("") }
    return FoundImage(
      image: image, store: store, resolvedName: "", match: .transport, list: nil,
      requestedManifest: reference.name?.digest.flatMap { Digest($0) })
  }

  /// The store of a reference, and the rest; nil if the text is invalid or the store cannot be opened.
  private func store(of text: Substring) throws(Failure) -> (StoreSnapshot, rest: Substring)? {
    guard let (specification, rest) = try? StoreSpecification.split(String(text)) else { return nil }
    guard let specification, !specification.names(snapshot.location) else { return (snapshot, rest) }
    do {
      return (try options.openStore(specification), rest)
    } catch {
      if error.isSystemFault || error.kind == .noPermission { throw error }
      options.note(.noStore(error))
      return nil
    }
  }

  /// The image of a reference with a name, an ID, or both, which must then match each other.
  ///
  /// Source: containers/image storage, storage_reference.go, resolveImage.
  func resolve(_ reference: StorageReference, in store: StoreSnapshot) throws(Failure) -> ImageEntry? {
    guard let id = reference.id else {
      guard let name = reference.name else { return nil }
      return try resolve(name, in: store)
    }
    guard let (image, _) = store.image(matching: id) else {
      throw unknown("reading image \"\(id)\": locating image with ID \"\(id)\"")
    }
    guard let name = reference.name else { return image }
    return image.has(repositoryOf: name) ? image : nil
  }
}
