/// What extended headers say about members: PAX records (POSIX.1-2001) and GNU's long names.
struct TarExtensions {
  /// The name; nil for that of the header.
  var name: [UInt8]?
  /// The target of a link; nil for that of the header.
  var linkTarget: [UInt8]?
  /// The size of the data; nil for that of the header.
  var size: UInt64?
  /// Whether the member is sparse: it has records of GNU's newer sparse formats.
  var isSparse = false

  /// Adds PAX records; later ones replace earlier ones.
  ///
  /// Returns false for malformed records. An empty value removes what an earlier record said.
  mutating func addPAX(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let record = TarExtensions.record(&rest) else { return false }
      guard add(record.key, record.value) else { return false }
    }
    return true
  }

  /// Adds what another header says, which replaces this.
  func overridden(by other: TarExtensions) -> TarExtensions {
    TarExtensions(
      name: other.name ?? name, linkTarget: other.linkTarget ?? linkTarget, size: other.size ?? size,
      isSparse: isSparse || other.isSparse)
  }

  private mutating func add(_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) -> Bool {
    let text = value.isEmpty ? nil : Array(value)
    if key.elementsEqual("path".utf8) {
      name = text
      return !value.contains(0)
    }
    if key.elementsEqual("linkpath".utf8) {
      linkTarget = text
      return !value.contains(0)
    }
    if key.elementsEqual("size".utf8) {
      size = tarDecimal(value)
      return size != nil || value.isEmpty
    }
    if key.starts(with: "GNU.sparse.".utf8) { isSparse = true }
    return true
  }

  /// Takes a record `LENGTH KEY=VALUE\n` from the start; nil if it is malformed.
  ///
  /// The length counts all of the record.
  private static func record(
    _ rest: inout ArraySlice<UInt8>
  ) -> (key: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
    // No record has more digits: the records of a header are at most 1 MiB long.
    guard let space = rest.prefix(8).firstIndex(of: 0x20), let length = tarDecimal(rest[..<space]),
      length <= rest.count, length > UInt64(space - rest.startIndex)
    else { return nil }
    let record = rest.prefix(Int(length))
    guard record.last == 0x0A else { return nil }
    let text = record[(space + 1)...].dropLast()
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")), equals > text.startIndex else { return nil }
    rest = rest.dropFirst(record.count)
    return (text[..<equals], text[(equals + 1)...])
  }
}
