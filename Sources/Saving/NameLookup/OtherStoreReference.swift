import ImageReference

/// A name in a store other than the chosen one: `docker-daemon:NAME`, `containerd:NAME`, `containerd:[NS@ROOT]NAME`.
public struct OtherStoreReference: Sendable {
  /// The store of a reference.
  public enum Store: Hashable, Sendable {
    /// Docker's.
    case docker
    /// A namespace of containerd's, each nil for the usual one.
    case containerd(namespace: String?, root: String?)
  }

  /// The store.
  public let store: Store
  /// The name in it.
  public let name: String
  /// The text before the name, colon included.
  public let prefix: String
  /// Whether the text is also a valid name: then it means an image of the chosen store that has it.
  public let mayBeName: Bool

  /// Reads a reference; nil for any other text.
  public init?(_ text: String) {
    guard let colon = text.utf8.firstIndex(of: 0x3A) else { return nil }
    let rest = text[text.utf8.index(after: colon)...]
    switch text[..<colon] {
    case "docker-daemon":
      store = .docker
      name = String(rest)
      // As in libimage, a text that its transport refuses is a name.
      let isAccepted = Transport.dockerDaemon.accepts(rest, files: .real)
      mayBeName = !isAccepted && (try? ImageReference.parse(text)) != nil
    case "containerd":
      mayBeName = (try? ImageReference.parse(text)) != nil
      guard rest.hasPrefix("["), let end = rest.firstIndex(of: "]") else {
        store = .containerd(namespace: nil, root: nil)
        name = String(rest)
        break
      }
      let place = rest[rest.index(after: rest.startIndex)..<end].split(
        separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
      let parts = place.map { $0.isEmpty ? nil : String($0) }
      store = .containerd(namespace: parts[0], root: parts.count > 1 ? parts[1] : nil)
      name = String(rest[rest.index(after: end)...])
    default: return nil
    }
    prefix = String(text.dropLast(name.count))
  }
}
