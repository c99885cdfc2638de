/// Reads the elements of one array of a large object one by one: `{"entries": [...], ...}`.
///
/// Parses one element at a time, so a table of a hundred megabytes needs no memory beyond its text. The other
/// members must follow the same rules as any text; they are checked and dropped.
public struct JSONArrayReader {
  /// What comes next in the text.
  private enum Position {
    case start
    case member
    case element
    case end
  }

  private let bytes: [UInt8]
  private let array: StaticString
  private let limit: Int
  private let rules: JSONRules
  private var position = Position.start
  private var offset = 0
  /// The names of the object's members so far.
  private var names: Set<[UInt8]> = []
  /// The length of all members but the array, in bytes.
  private var length = 0

  /// Prepares to read the elements of the member `array` of the object that a text holds.
  ///
  /// `limit` bounds the length of an element, and that of all other members together, in bytes. If the rules
  /// allow the member to occur twice, the elements of both arrays are read. A member that is not an array has
  /// no elements.
  public init(_ bytes: [UInt8], elementsOf array: StaticString, limit: Int, rules: JSONRules = .strict) {
    self.bytes = bytes
    self.array = array
    self.limit = limit
    self.rules = rules
  }

  /// The next element, nil at the end of the text; offsets count from the start of the text.
  public mutating func next() throws(JSONError) -> JSONValue? {
    while true {
      switch position {
      case .start:
        guard try take(0x7B) else { throw failure("expected an object") }
        if try take(0x7D) { try finish() } else { position = .member }
      case .member: try readMember()
      case .element:
        let element = try value()
        if try !take(0x2C) {
          guard try take(0x5D) else { throw failure("expected a comma or the end of the array") }
          try endMember()
        }
        return element
      case .end: return nil
      }
    }
  }

  /// Reads a member; of the array, only what precedes its first element.
  private mutating func readMember() throws(JSONError) {
    let start = offset
    let name = try value()
    guard name.kind == .string else { throw JSONError(offset: name.offset, reason: "expected a member name") }
    try refuseRepetition(of: name)
    guard try take(0x3A) else { throw failure("expected a colon") }
    if name.isString(array), try take(0x5B) {
      if try take(0x5D) { try endMember() } else { position = .element }
      return
    }
    _ = try value()
    length += offset - start
    guard length <= limit else { throw failure("too long without the array") }
    try endMember()
  }

  private mutating func refuseRepetition(of name: JSONValue) throws(JSONError) {
    if rules.repeatedNames == .allowed { return }
    let bytes = name.stringBytes ?? []
    guard names.insert(rules.repeatedNames == .refused ? bytes : foldedName(bytes)).inserted else {
      throw .duplicateName(at: name.offset)
    }
  }

  private mutating func endMember() throws(JSONError) {
    if try take(0x2C) {
      position = .member
    } else {
      guard try take(0x7D) else { throw failure("expected a comma or the end of the object") }
      try finish()
    }
  }

  private mutating func finish() throws(JSONError) {
    skipWhiteSpace()
    guard offset == bytes.count else { throw failure("data after the value") }
    position = .end
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    skipWhiteSpace()
    let end = bytes.count - offset > limit ? offset + limit : bytes.count
    var parser = JSONParser(rules: rules)
    do {
      offset = try parser.parse(bytes, from: offset, to: end)
    } catch {
      throw end < bytes.count && error.offset == end ? failure("value too long") : error
    }
    return JSONValue(document: JSONDocument(bytes: bytes, tokens: parser.tokens), index: 0)
  }

  /// Skips white space and this character; returns false for any other one.
  private mutating func take(_ character: UInt8) throws(JSONError) -> Bool {
    skipWhiteSpace()
    guard offset < bytes.count else { throw failure("unexpected end") }
    guard bytes[offset] == character else { return false }
    offset += 1
    return true
  }

  private mutating func skipWhiteSpace() {
    while offset < bytes.count, isWhiteSpace(bytes[offset]) { offset += 1 }
  }

  private func failure(_ reason: String) -> JSONError { JSONError(offset: offset, reason: reason) }
}
