import ContainerStorage
import Diagnostics
import Digests
import ImageReference
import POSIX

/// The store in front of a `containers-storage:` reference: `[driver@root+runroot:option,option]`.
///
/// Source: containers/image storage, storage_transport.go, ParseReference.
public struct StoreSpecifier: Equatable, Sendable {
  /// The name of the driver; nil for the one that the store has.
  public var driver: String?
  /// The graph root, absolute; nil for the configured one.
  public var root: Path?
  /// The run root, absolute; nil for the configured one.
  public var runRoot: Path?
  /// Options in place of all configured ones; none where the reference has none.
  public var options: [String]

  /// Reads what stands between the brackets; nil for what cannot name a store.
  public init?(parsing text: some StringProtocol) {
    var rest = Substring(text)
    guard !rest.isEmpty else { return nil }
    if let at = rest.utf8.firstIndex(of: 0x40) {
      driver = String(rest[..<at])
      rest = rest[rest.utf8.index(after: at)...]
      if driver?.isEmpty == true || rest.isEmpty { return nil }
    }
    options = []
    if let colon = rest.utf8.firstIndex(of: 0x3A) {
      options = rest[rest.utf8.index(after: colon)...]
        .split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
      rest = rest[..<colon]
    }
    if let plus = rest.utf8.firstIndex(of: 0x2B) {
      let path = Path(rest[rest.utf8.index(after: plus)...].utf8)
      if !path.bytes.isEmpty { runRoot = path }
      rest = rest[..<plus]
    }
    if !rest.isEmpty { root = Path(rest.utf8) }
    if root?.isAbsolute == false || runRoot?.isAbsolute == false { return nil }
  }

  /// Whether a store that is open already is the one that is meant; its options do not matter.
  func names(_ location: StoreLocation) -> Bool {
    guard let root, root.appending("").bytes == location.root.appending("").bytes else { return false }
    return driver == nil || (try? StorageDriver(named: driver ?? "")) == location.driver
  }
}

/// What follows the store in a `containers-storage:` reference: a name, an ID, or both.
///
/// Source: containers/image storage, storage_transport.go, ParseStoreReference.
struct StorageReference: Equatable {
  var name: ImageReference?
  /// The whole ID, 64 digits.
  var id: String?

  /// From this length on the beginning of an ID is taken for one.
  private static let shortestID = 3

  /// Reads a reference; nil for what is none.
  ///
  /// Beginnings of IDs are completed from the store.
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
    // Here, unlike elsewhere, the beginning of an ID goes before a name.
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
  /// Nil for a text that is a reference of no transport, and so may be a name. The image is the one of the record,
  /// be it a manifest list, and its platform does not matter. Source: libimage runtime.go, LookupImage.
  func findByTransport(_ text: String) throws(Failure) -> FoundImage? {
    guard let (transport, rest) = Transport.split(text) else { return nil }
    guard transport == .containersStorage else {
      guard transport.accepts(rest, files: options.files) else { return nil }
      throw Failure(
        .usage, "", "unsupported transport \"\(transport.rawValue)\" for looking up local images")
    }
    guard let (store, rest) = store(of: rest),
      let reference = StorageReference(parsing: rest, in: store)
    else { return nil }
    guard let image = try resolve(reference, in: store) else { throw unknown("") }
    return FoundImage(
      image: image, store: store, resolvedName: "", match: .transport, list: nil,
      requestedManifest: reference.name?.digest.flatMap { Digest($0) })
  }

  /// The store that a reference names, and what follows; nil if the text names none or it cannot be opened.
  private func store(of text: Substring) -> (StoreSnapshot, rest: Substring)? {
    guard text.hasPrefix("[") else { return (snapshot, text) }
    guard let end = text.utf8.firstIndex(of: 0x5D),
      let specifier = StoreSpecifier(parsing: text[..<end].dropFirst())
    else { return nil }
    let rest = text[text.utf8.index(after: end)...]
    if specifier.names(snapshot.location) { return (snapshot, rest) }
    do {
      return (try options.openStore(specifier), rest)
    } catch {
      options.note(.noStore(error))
      return nil
    }
  }

  /// The image of a reference with a name, an ID, or both, which then must belong together.
  ///
  /// Source: containers/image storage, storage_reference.go, resolveImage.
  func resolve(_ reference: StorageReference, in store: StoreSnapshot) throws(Failure) -> ImageEntry? {
    guard let id = reference.id else { return reference.name.flatMap { resolve($0, in: store) } }
    guard let (image, _) = store.image(matching: id) else {
      throw unknown("reading image \"\(id)\": locating image with ID \"\(id)\"")
    }
    guard let name = reference.name else { return image }
    return image.has(repositoryOf: name) ? image : nil
  }
}
