/// By what an image was found in a store.
public enum ImageKey: Hashable, Sendable {
  /// By its whole ID.
  case id
  /// By one of its stored names.
  case name
  /// By the beginning of its ID, which no other image of the store shares.
  case idPrefix
}

extension StoreSnapshot {
  /// The image of an ID, a stored name, or the beginning of an ID, in this order; the first store with a hit wins.
  ///
  /// Names are compared as they are stored. Of several records with a name the last one owns it. A hit in a store
  /// other than the primary does not count if the primary has a record of that image: there, the name was removed.
  /// Source: containers/storage store.go, Image; images.go, lookup.
  public func image(matching key: String) -> (image: ImageEntry, key: ImageKey)? {
    let wanted = Array(key.utf8)
    guard !wanted.isEmpty, let primary = imageStores.first else { return nil }
    for store in imageStores {
      guard let (index, kind) = search(store, for: wanted) else { continue }
      if store != primary, isKnown(images[index], in: primary) { continue }
      return (images[index], kind)
    }
    return nil
  }

  /// Searches one store, reading each of its records once.
  private func search(_ store: Range<Int>, for wanted: [UInt8]) -> (index: Int, key: ImageKey)? {
    var exact: Int?
    var named: Int?
    var prefixed: Int?
    var isAmbiguous = false
    for index in store {
      if images[index].hasIDPrefix(wanted) {
        if images[index].hasID(utf8: wanted) { exact = index }
        if let prefixed, images[prefixed].idText != images[index].idText { isAmbiguous = true }
        prefixed = index
      }
      if images[index].hasName(utf8: wanted) { named = index }
    }
    if let exact { return (exact, .id) }
    if let named { return (named, .name) }
    if let prefixed, !isAmbiguous { return (prefixed, .idPrefix) }
    return nil
  }

  private func isKnown(_ image: ImageEntry, in store: Range<Int>) -> Bool {
    let id = Array(image.idText.utf8)
    return store.contains { images[$0].hasID(utf8: id) }
  }
}
