extension JSONValue {
  /// The value indented by two blanks per level; strings and numbers stay as written.
  public var prettyPrinted: [UInt8] {
    var bytes: [UInt8] = []
    appendPretty(to: &bytes, indent: 0)
    return bytes
  }

  private func appendPretty(to bytes: inout [UInt8], indent: Int) {
    switch kind {
    case .object:
      appendContents(Array(members), "{", "}", to: &bytes, indent: indent) { member, bytes in
        bytes += member.key.raw
        bytes += ": ".utf8
        member.value.appendPretty(to: &bytes, indent: indent + 2)
      }
    case .array:
      appendContents(Array(elements), "[", "]", to: &bytes, indent: indent) { element, bytes in
        element.appendPretty(to: &bytes, indent: indent + 2)
      }
    case .string, .number, .boolean, .null: bytes += raw
    }
  }

  private func appendContents<Item>(
    _ items: [Item], _ start: String, _ end: String, to bytes: inout [UInt8], indent: Int,
    _ append: (Item, inout [UInt8]) -> Void
  ) {
    bytes += start.utf8
    for (index, item) in items.enumerated() {
      bytes += (index == 0 ? "\n" : ",\n").utf8
      bytes += repeatElement(0x20, count: indent + 2)
      append(item, &bytes)
    }
    if !items.isEmpty {
      bytes.append(0x0A)
      bytes += repeatElement(0x20, count: indent)
    }
    bytes += end.utf8
  }
}
