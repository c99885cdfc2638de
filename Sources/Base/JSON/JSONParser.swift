import CLinux

/// Checks the grammar of one JSON value (RFC 8259) and lists its tokens; decodes nothing.
///
/// Iterative, so that no nesting exhausts the stack.
struct JSONParser {
  private let rules: JSONRules
  private(set) var tokens: [JSONDocument.Token] = []
  /// Indices of the containers that are still open, outermost first.
  private var open: [Int] = []

  /// Prepares to parse values; reserves memory for a text of about `length` bytes.
  init(rules: JSONRules, length: Int = 0) {
    self.rules = rules
    tokens.reserveCapacity(min(length / 24, 1 << 20) + 4)
    let size = tokens.capacity * MemoryLayout<JSONDocument.Token>.stride
    tokens.withUnsafeMutableBufferPointer { img_prefer_huge_pages($0.baseAddress, size) }
  }

  /// Parses the value that starts at an offset, or after white space there; returns the offset after the value.
  ///
  /// Ignores all bytes from `end` on, if given.
  mutating func parse(_ bytes: [UInt8], from start: Int, to end: Int? = nil) throws(JSONError) -> Int {
    try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
      try parse(UnsafeBufferPointer(rebasing: buffer[..<(end ?? buffer.count)]), from: start)
    }
  }

  private mutating func parse(_ text: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONError) -> Int {
    guard text.count <= JSONDocument.sizeLimit else { throw JSONError(offset: 0, reason: "too long") }
    var position = start
    while true {
      position = try parseValue(text, at: position)
      // After a value: close what ends here. Then either all is done, or a comma leads to the next value.
      while true {
        guard let container = open.last else { return position }
        position = skipWhiteSpace(text, position)
        let isObject = tokens[container].kind == .object
        let byte = try byteAt(text, position)
        if byte == 0x2C {
          position = skipWhiteSpace(text, position + 1)
          if isObject { position = try parseKey(text, at: position) }
          break
        }
        guard byte == (isObject ? 0x7D : 0x5D) else {
          throw JSONError(
            offset: position, reason: "expected a comma or the end of the \(isObject ? "object" : "array")")
        }
        position += 1
        try close(container, end: position, text)
      }
    }
  }

  /// Parses a scalar, or the opening of a container up to its first value.
  private mutating func parseValue(
    _ text: UnsafeBufferPointer<UInt8>, at offset: Int
  ) throws(JSONError) -> Int {
    var position = skipWhiteSpace(text, offset)
    while true {
      let byte = try byteAt(text, position)
      switch byte {
      case 0x7B, 0x5B:
        guard open.count < rules.maximumDepth else {
          throw JSONError(offset: position, reason: "nested too deeply")
        }
        let isObject = byte == 0x7B
        open.append(tokens.count)
        append(isObject ? .object : .array, position, position)
        position = skipWhiteSpace(text, position + 1)
        if try byteAt(text, position) == byte + 2 {
          let container = open[open.count - 1]
          try close(container, end: position + 1, text)
          return position + 1
        }
        if isObject {
          // Two steps: one expression would hold self while it changes, and copy all tokens each time.
          position = try parseKey(text, at: position)
          position = skipWhiteSpace(text, position)
        }
      case 0x22: return try parseString(text, at: position)
      case 0x74: return try parseWord("true", .boolean, text, position)
      case 0x66: return try parseWord("false", .boolean, text, position)
      case 0x6E: return try parseWord("null", .null, text, position)
      default: return try parseNumber(text, at: position)
      }
    }
  }

  private mutating func parseKey(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONError) -> Int {
    guard try byteAt(text, offset) == 0x22 else {
      throw JSONError(offset: offset, reason: "expected a member name")
    }
    let end = try parseString(text, at: offset)
    let position = skipWhiteSpace(text, end)
    guard try byteAt(text, position) == 0x3A else {
      throw JSONError(offset: position, reason: "expected a colon")
    }
    return position + 1
  }

  private mutating func parseString(_ text: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONError) -> Int
  {
    var position = start + 1
    var isPlain = true
    while true {
      position = skipOrdinary(text, position)
      let byte = try byteAt(text, position)
      if byte == 0x22 { break }
      if byte == 0x5C {
        isPlain = false
        position = try skipEscape(text, at: position)
      } else if byte < 0x20 {
        throw JSONError(offset: position, reason: "control character in a string")
      } else if byte < 0x80 {
        position += 1
      } else {
        isPlain = false
        let length = lengthOfUTF8Sequence(text, at: position)
        if length == 0, !rules.allowsInvalidUTF8 {
          throw JSONError(offset: position, reason: "invalid UTF-8 in a string")
        }
        position += max(length, 1)
      }
    }
    append(.string, start, position + 1, isPlain: isPlain)
    return position + 1
  }

  /// Skips ordinary characters of a string, eight at a time while there are eight.
  private func skipOrdinary(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    let bytes = UnsafeRawBufferPointer(text)
    var position = start
    while bytes.count - position >= 8 {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      // Sets the high bit of each byte that is a control character, a quote, a backslash or above 0x7F, and
      // perhaps of bytes after it: the first is right.
      let special =
        (word &- each(0x20)) | ((word ^ each(0x22)) &- each(1)) | ((word ^ each(0x5C)) &- each(1)) | word
      let marks = special & each(0x80)
      if marks != 0 { return position + marks.trailingZeroBitCount / 8 }
      position += 8
    }
    return position
  }

  /// A word of eight equal bytes.
  private func each(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

  private func skipEscape(_ text: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONError) -> Int {
    switch try byteAt(text, start + 1) {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return start + 2
    case 0x75:
      for offset in 2..<6 {
        switch try byteAt(text, start + offset) {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: break
        default: throw JSONError(offset: start, reason: "invalid escape in a string")
        }
      }
      return start + 6
    default: throw JSONError(offset: start, reason: "invalid escape in a string")
    }
  }

  private mutating func parseNumber(_ text: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONError) -> Int
  {
    var position = start
    func byte() -> UInt8 { position < text.count ? text[position] : 0 }
    func skipDigits() -> Bool {
      let first = position
      while (0x30...0x39).contains(byte()) { position += 1 }
      return position > first
    }
    if byte() == 0x2D { position += 1 }
    let isZero = byte() == 0x30
    if isZero { position += 1 }
    guard isZero || skipDigits() else { throw JSONError(offset: start, reason: "expected a value") }
    if byte() == 0x2E {
      position += 1
      guard skipDigits() else { throw JSONError(offset: start, reason: "invalid number") }
    }
    if byte() | 0x20 == 0x65 {
      position += 1
      if byte() == 0x2B || byte() == 0x2D { position += 1 }
      guard skipDigits() else { throw JSONError(offset: start, reason: "invalid number") }
    }
    append(.number, start, position)
    return position
  }

  private mutating func parseWord(
    _ word: StaticString, _ kind: JSONValue.Kind, _ text: UnsafeBufferPointer<UInt8>, _ start: Int
  ) throws(JSONError) -> Int {
    for offset in 0..<word.utf8CodeUnitCount {
      guard try byteAt(text, start + offset) == word.utf8Start[offset] else {
        throw JSONError(offset: start, reason: "expected a value")
      }
    }
    append(kind, start, start + word.utf8CodeUnitCount)
    return start + word.utf8CodeUnitCount
  }

  private mutating func append(_ kind: JSONValue.Kind, _ start: Int, _ end: Int, isPlain: Bool = true) {
    let token = JSONDocument.Token(kind: kind, isPlain: isPlain, start: start, end: end, next: tokens.count + 1)
    tokens.append(token)
  }

  private mutating func close(
    _ container: Int, end: Int, _ text: UnsafeBufferPointer<UInt8>
  ) throws(JSONError) {
    open.removeLast()
    tokens[container].end = end
    tokens[container].next = tokens.count
    if tokens[container].kind == .object, rules.repeatedNames != .allowed {
      try refuseDuplicateKeys(of: container, text)
    }
  }

  private func byteAt(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) throws(JSONError) -> UInt8 {
    guard position < text.count else { throw JSONError(offset: text.count, reason: "unexpected end") }
    return text[position]
  }

  private func skipWhiteSpace(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var position = start
    while position < text.count, isWhiteSpace(text[position]) { position += 1 }
    return position
  }
}

extension JSONParser {
  /// Refuses an object in which a name occurs twice; the rules say whether case counts.
  ///
  /// Few members are compared pairwise, which needs no memory; many through a set.
  private func refuseDuplicateKeys(of container: Int, _ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    var keys: [Int] = []
    var position = container + 1
    while position < tokens[container].next {
      keys.append(position)
      position = tokens[position + 1].next
    }
    if keys.count > 24 {
      var seen = Set<[UInt8]>(minimumCapacity: keys.count)
      for key in keys where !seen.insert(folded(key, text)).inserted { throw duplicate(key) }
      return
    }
    for (index, key) in keys.enumerated() {
      for other in keys[..<index] where isSame(key, other, text) { throw duplicate(key) }
    }
  }

  private func duplicate(_ key: Int) -> JSONError {
    .duplicateName(at: tokens[key].start)
  }

  private func isSame(_ first: Int, _ second: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let (one, two) = (tokens[first], tokens[second])
    guard one.isPlain, two.isPlain else { return folded(first, text) == folded(second, text) }
    guard one.end - one.start == two.end - two.start else { return false }
    for offset in 1..<(one.end - one.start)
    where comparable(text[one.start + offset]) != comparable(text[two.start + offset]) {
      return false
    }
    return true
  }

  private func folded(_ key: Int, _ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let content = Array(text[tokens[key].start..<tokens[key].end])
    let name = tokens[key].isPlain ? content : unescaped(content[...])
    return rules.repeatedNames == .refusedInAnyCase ? foldedName(name) : name
  }

  private func comparable(_ byte: UInt8) -> UInt8 {
    rules.repeatedNames == .refusedInAnyCase ? lowercased(byte) : byte
  }
}
