/// A value in a JSON text, decoded only when asked for.
public struct JSONValue: Sendable {
  /// The six kinds of JSON values.
  public enum Kind: UInt8, Sendable {
    /// `{…}`
    case object
    /// `[…]`
    case array
    /// `"…"`
    case string
    /// A number in any spelling.
    case number
    /// `true` or `false`
    case boolean
    /// `null`
    case null
  }

  let document: JSONDocument
  let index: Int

  private var token: JSONDocument.Token { document.tokens[index] }

  /// Reads a text that holds exactly one value, with nothing but white space around it.
  public init(parsing bytes: [UInt8], rules: JSONRules = .strict) throws(JSONError) {
    var parser = JSONParser(rules: rules, length: bytes.count)
    let end = try parser.parse(bytes, from: 0)
    let rest = bytes[end...].firstIndex { !isWhiteSpace($0) }
    if let rest { throw JSONError(offset: rest, reason: "data after the value") }
    document = JSONDocument(bytes: bytes, tokens: parser.tokens)
    index = 0
  }

  init(document: JSONDocument, index: Int) {
    self.document = document
    self.index = index
  }

  /// The kind of the value.
  public var kind: Kind { token.kind }

  /// The exact bytes of the value in its text, from its first character to its last.
  public var raw: ArraySlice<UInt8> { document.bytes[token.start..<token.end] }

  /// The offset of the value's first byte in its text.
  public var offset: Int { token.start }

  /// Whether the value is `null`.
  public var isNull: Bool { kind == .null }

  /// The decoded bytes of a string, nil for other kinds.
  ///
  /// As in Go's decoder, each invalid UTF-8 byte and each lone surrogate becomes U+FFFD.
  public var stringBytes: [UInt8]? {
    guard kind == .string else { return nil }
    let text = document.bytes[(token.start + 1)..<(token.end - 1)]
    return token.isPlain ? Array(text) : unescaped(text)
  }

  /// The string, nil for other kinds.
  public var string: String? {
    stringBytes.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether the value is a string of exactly these characters.
  public func isString(_ text: StaticString) -> Bool {
    guard kind == .string else { return false }
    return holds(key: text, at: index)
  }

  /// The truth value, nil for other kinds.
  public var bool: Bool? {
    kind == .boolean ? document.bytes[token.start] == 0x74 : nil
  }

  /// The number as an integer; nil for other kinds, fractions, exponents, and values outside Int64.
  public var int64: Int64? {
    guard kind == .number else { return nil }
    return Int64(String(decoding: raw, as: UTF8.self))
  }

  /// Whether the value is a string of exactly these bytes.
  public func isString(utf8 wanted: [UInt8]) -> Bool {
    guard kind == .string else { return false }
    if token.isPlain { return raw.dropFirst().dropLast().elementsEqual(wanted) }
    return stringBytes == wanted
  }

  /// The elements of an array, none for other kinds.
  public var elements: JSONContents {
    JSONContents(value: self, kind: .array)
  }

  /// The members of an object in the order of the text, duplicates included; none for other kinds.
  public var members: JSONMembers {
    JSONMembers(contents: JSONContents(value: self, kind: .object))
  }

  /// The member with exactly this name, the last one if there are several; nil if there is none.
  public subscript(_ key: StaticString) -> JSONValue? {
    guard kind == .object else { return nil }
    var result: JSONValue?
    var position = index + 1
    while position < token.next {
      if holds(key: key, at: position) { result = JSONValue(document: document, index: position + 1) }
      position = document.tokens[position + 1].next
    }
    return result
  }

  /// The member that Go's decoder reads into a struct field of this name; nil if there is none.
  ///
  /// It is the last one whose name equals the field's apart from case.
  ///
  /// Source: Go 1.22, encoding/json (`Unmarshal`): reads members in order, each into the field that matches its
  /// name.
  public func field(_ name: String) -> JSONValue? {
    let wanted = foldedName(Array(name.utf8))
    var result: JSONValue?
    for (key, value) in members where key.stringBytes.map(foldedName) == wanted { result = value }
    return result
  }

  /// Refuses an object in which two names differ only in case, see ``JSONRules/RepeatedNames``.
  public func refuseNamesInSeveralCases() throws(JSONError) {
    var seen: Set<[UInt8]> = []
    for (name, _) in members where !seen.insert(foldedName(name.stringBytes ?? [])).inserted {
      throw .duplicateName(at: name.offset)
    }
  }

  /// Compares a string token with a key; decodes it only if necessary.
  private func holds(key: StaticString, at position: Int) -> Bool {
    let name = document.tokens[position]
    if name.isPlain {
      guard name.end - name.start - 2 == key.utf8CodeUnitCount else { return false }
      return key.withUTF8Buffer { wanted in
        document.bytes.withUnsafeBufferPointer { bytes in
          for offset in 0..<wanted.count where bytes[name.start + 1 + offset] != wanted[offset] {
            return false
          }
          return true
        }
      }
    }
    let decoded = unescaped(document.bytes[(name.start + 1)..<(name.end - 1)])
    return key.withUTF8Buffer { $0.elementsEqual(decoded) }
  }
}

/// The values directly inside a container; for an object, keys and values in turn.
public struct JSONContents: Sequence, IteratorProtocol {
  private let document: JSONDocument
  private var position: Int
  private let end: Int

  init(value: JSONValue, kind: JSONValue.Kind) {
    document = value.document
    position = value.index + 1
    end = value.kind == kind ? document.tokens[value.index].next : position
  }

  /// The next value, nil after the last.
  public mutating func next() -> JSONValue? {
    guard position < end else { return nil }
    defer { position = document.tokens[position].next }
    return JSONValue(document: document, index: position)
  }
}

/// The members of an object as pairs of key and value.
public struct JSONMembers: Sequence, IteratorProtocol {
  var contents: JSONContents

  /// The next member, nil after the last.
  public mutating func next() -> (key: JSONValue, value: JSONValue)? {
    guard let key = contents.next(), let value = contents.next() else { return nil }
    return (key, value)
  }
}

func lowercased(_ byte: UInt8) -> UInt8 {
  (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
}

func isWhiteSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}
