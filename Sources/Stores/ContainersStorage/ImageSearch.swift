/// How an image was found in a store.
public enum ImageKey: Hashable, Sendable {
  /// By its whole ID.
  case id
  /// By one of its stored names.
  case name
  /// By a prefix of its ID that no other image of the store shares.
  case idPrefix
}

extension StoreSnapshot {
  /// The image with an ID, a stored name, or an ID prefix, in this order; the first store with a hit wins.
  ///
  /// Names are compared as stored. If several records have a name, the last one owns it. A hit outside the
  /// primary store does not count if the primary store has a record of that image: the name was removed there.
  /// Source: containers/storage store.go, Image; images.go, lookup.
  public func image(matching key: String) -> (image: ImageEntry, key: ImageKey)? {
    let wanted = Array(key.utf8)
    guard !wanted.isEmpty, let primary = imageStores.first else { return nil }
    for store in imageStores {
      guard let (index, kind) = search(store, for: wanted) else { continue }
      let image = images[index]
      if !primary.records.contains(index), isKnown(image, in: primary) { continue }
      return (image, kind)
    }
    return nil
  }

  /// Searches one store; of several matching records the last counts.
  private func search(_ store: ImageIndex, for wanted: [UInt8]) -> (index: Int, key: ImageKey)? {
    var exact: Int?
    var prefixed: Int?
    var isAmbiguous = false
    for index in store.candidates(forIDPrefix: wanted) where images[index].hasIDPrefix(wanted) {
      if images[index].hasID(utf8: wanted) { exact = max(index, exact ?? index) }
      if isAmbiguous { continue }
      if let prefixed, images[prefixed].idText != images[index].idText { isAmbiguous = true }
      prefixed = max(index, prefixed ?? index)
    }
    if let exact { return (exact, .id) }
    var named: Int?
    for index in store.candidates(forName: wanted) where images[index].hasName(utf8: wanted) { named = index }
    if let named { return (named, .name) }
    if let prefixed, !isAmbiguous { return (prefixed, .idPrefix) }
    return nil
  }

  private func isKnown(_ image: ImageEntry, in store: ImageIndex) -> Bool {
    let id = Array(image.idText.utf8)
    return store.candidates(forIDPrefix: id).contains { images[$0].hasID(utf8: id) }
  }
}
