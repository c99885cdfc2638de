/// The values of a text that holds any number of them, and the elements of those that are arrays, one by one.
///
/// Parses one at a time, so a list of a hundred megabytes needs no memory beyond its text. Separators are those of
/// ``JSONSequence``.
public struct JSONElements {
  private let bytes: [UInt8]
  private let limit: Int
  private let rules: JSONRules
  private var offset = 0
  private var isInArray = false
  /// The number of arrays so far that have no elements.
  public private(set) var emptyArrays = 0
  /// The number of arrays so far: elements with the same number are in one.
  public private(set) var arrays = 0

  /// Prepares to read a text; `limit` is the length of the longest value, in bytes.
  public init(_ bytes: [UInt8], limit: Int, rules: JSONRules = .lenient) {
    self.bytes = bytes
    self.limit = limit
    self.rules = rules
  }

  /// The next value, nil at the end of the text; offsets count from the start of the text.
  public mutating func next() throws(JSONError) -> JSONValue? {
    if isInArray { return try element() }
    while true {
      skipSeparators()
      guard offset < bytes.count else { return nil }
      guard bytes[offset] == 0x5B else { return try value() }
      offset += 1
      arrays += 1
      skipSeparators()
      guard offset < bytes.count else { throw JSONError(offset: offset, reason: "unexpected end") }
      if bytes[offset] != 0x5D { return try element() }
      offset += 1
      emptyArrays += 1
    }
  }

  /// The next element of an array, and the comma or the bracket after it.
  private mutating func element() throws(JSONError) -> JSONValue {
    let element = try value()
    skipSeparators()
    guard offset < bytes.count else { throw JSONError(offset: offset, reason: "unexpected end") }
    guard bytes[offset] == 0x2C || bytes[offset] == 0x5D else {
      throw JSONError(offset: offset, reason: "expected a comma or the end of the array")
    }
    isInArray = bytes[offset] == 0x2C
    offset += 1
    return element
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    let end = bytes.count - offset > limit ? offset + limit : bytes.count
    var parser = JSONParser(rules: rules)
    do {
      offset = try parser.parse(bytes, from: offset, to: end)
    } catch {
      throw end < bytes.count && error.offset == end ? JSONError(offset: end, reason: "value too long") : error
    }
    return JSONValue(document: JSONDocument(bytes: bytes, tokens: parser.tokens), index: 0)
  }

  private mutating func skipSeparators() {
    while offset < bytes.count, isWhiteSpace(bytes[offset]) || bytes[offset] == 0x1E { offset += 1 }
  }
}
