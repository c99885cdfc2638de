import ContainersStorage
import Diagnostics
import ImageRecord
import ImageReference
import ImageSource

extension Resolver: ImageCatalog {
  /// The requests for some names, or for all images of the store.
  public func requests(for names: [String]?) -> [ImageRequest] {
    names.map { $0.map { .name($0) } } ?? images.indices.map { .entry($0) }
  }

  /// The records of a requested image or list.
  ///
  /// An image requested by index gets its first name, and the record of a request for that name.
  public func records(for request: ImageRequest) throws(Failure) -> [ImageRecord] {
    switch request {
    case .name(let name): return try records(for: name)
    case .entry(let index):
      let entry = images[index]
      let tags = fullNames(of: entry)
      return try records(for: entry.idText).map { record in
        var record = record
        record.input = text(of: request)
        record.name = tags.first
        record.tags = Array(tags.prefix(1))
        return record
      }
    }
  }

  /// A request as text: as typed, or the first name or the ID of the image.
  public func text(of request: ImageRequest) -> String {
    switch request {
    case .name(let name): name
    case .entry(let index): images[index].names.first ?? images[index].idText
    }
  }

  /// Whether a requested image has a name, be it one by digest; true for a request by name.
  public func hasName(_ request: ImageRequest) -> Bool {
    switch request {
    case .name: true
    case .entry(let index): !images[index].names.isEmpty
    }
  }

  /// All names of an image that can be tags, in store order.
  public func tags(ofImage id: String) -> [String] {
    (listOwners[id] ?? images.first { $0.idText == id }).map(fullNames(of:)) ?? []
  }

  private func fullNames(of entry: ImageEntry) -> [String] {
    entry.names.filter { (try? ImageReference.parseNamed($0))?.tag != nil }
  }

  /// The completions of a prefix, for a shell: names in the forms that users type, then prefixes of IDs.
  ///
  /// A name without such a form is completed from one of its later components: `app` to `app:1` for
  /// `quay.io/acme/app:1`.
  public func completions(of prefix: String) -> [String] {
    var names: [String] = []
    var ids: [String] = []
    let mayBeID =
      !prefix.isEmpty && prefix.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    for image in images {
      for name in image.names {
        let forms = typedForms(of: name).filter { $0.hasPrefix(prefix) }
        names += forms.isEmpty ? partialForm(of: name, startingWith: prefix).map { [$0] } ?? [] : forms
      }
      if mayBeID, image.idText.hasPrefix(prefix) {
        ids.append(String(image.idText.prefix(max(12, prefix.utf8.count))))
      }
    }
    var seen: Set<String> = []
    return (names.sorted() + ids.sorted()).filter { seen.insert($0).inserted }
  }
  /// The longest end of a name that the lookup accepts in its place and that starts with a prefix.
  private func partialForm(of name: String, startingWith prefix: String) -> String? {
    let bytes = name.utf8
    var rest = bytes[...]
    while let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
      rest = rest[bytes.index(after: slash)...]
      if rest.starts(with: prefix.utf8), let form = String(rest), ImageReference.isShortName(form) {
        return form
      }
    }
    return nil
  }
}
