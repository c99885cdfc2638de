/// The values of a text that holds any number of them, separated by white space or RS (0x1E, RFC 7464).
///
/// Reads NDJSON, pretty-printed and concatenated values alike.
public struct JSONSequence {
  private let bytes: [UInt8]
  private let rules: JSONRules
  private var position = 0

  /// Prepares to read the values of a text.
  public init(_ bytes: [UInt8], rules: JSONRules = .strict) {
    self.bytes = bytes
    self.rules = rules
  }

  /// The next value, nil at the end of the text.
  ///
  /// Offsets, in the value and in a thrown error, count from the start of the whole text.
  public mutating func next() throws(JSONError) -> JSONValue? {
    while position < bytes.count, isWhiteSpace(bytes[position]) || bytes[position] == 0x1E { position += 1 }
    guard position < bytes.count else { return nil }
    var parser = JSONParser(rules: rules)
    let start = position
    position = try parser.parse(bytes, from: start)
    return JSONValue(document: JSONDocument(bytes: bytes, tokens: parser.tokens), index: 0)
  }
}
