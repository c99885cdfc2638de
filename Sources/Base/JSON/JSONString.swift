/// Decodes the text between the quotes of a JSON string whose grammar has been checked.
///
/// Escapes become their characters; invalid UTF-8 bytes and lone surrogates become one U+FFFD each, as in Go's
/// decoder.
func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(text.count)
  var position = text.startIndex
  while position < text.endIndex {
    let byte = text[position]
    if byte == 0x5C {
      position = appendEscape(text, at: position, to: &result)
    } else if byte < 0x80 {
      result.append(byte)
      position += 1
    } else {
      let length = lengthOfUTF8Sequence(text, at: position)
      if length == 0 {
        result += replacementCharacter
        position += 1
      } else {
        result += text[position..<(position + length)]
        position += length
      }
    }
  }
  return result
}

/// U+FFFD in UTF-8.
let replacementCharacter: [UInt8] = [0xEF, 0xBF, 0xBD]

/// Decodes the escape that starts at a backslash and returns the position after it.
private func appendEscape(_ text: ArraySlice<UInt8>, at start: Int, to result: inout [UInt8]) -> Int {
  switch text[start + 1] {
  case 0x62: result.append(0x08)
  case 0x66: result.append(0x0C)
  case 0x6E: result.append(0x0A)
  case 0x72: result.append(0x0D)
  case 0x74: result.append(0x09)
  case 0x75:
    let unit = codeUnit(text, at: start)
    if let scalar = Unicode.Scalar(unit) {
      result += UTF8.encode(scalar) ?? UTF8.EncodedScalar()
      return start + 6
    }
    // A low surrogate in front makes a value beyond the last scalar.
    if text[(start + 6)...].starts(with: [0x5C, 0x75]) {
      let low = codeUnit(text, at: start + 6)
      if (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      {
        result += UTF8.encode(scalar) ?? UTF8.EncodedScalar()
        return start + 12
      }
    }
    result += replacementCharacter
    return start + 6
  case let character: result.append(character)
  }
  return start + 2
}

/// The four digits of the `\uXXXX` that starts at a position.
private func codeUnit(_ text: ArraySlice<UInt8>, at start: Int) -> UInt32 {
  text[(start + 2)..<(start + 6)].reduce(0) { value, digit in
    value << 4 | UInt32(digit <= 0x39 ? digit - 0x30 : lowercased(digit) - 0x61 + 10)
  }
}

/// The length of the well-formed UTF-8 sequence that starts at a position, 0 if there is none.
///
/// Source: Unicode 15, table 3-7.
func lengthOfUTF8Sequence(_ text: ArraySlice<UInt8>, at start: Int) -> Int {
  text.withUnsafeBufferPointer { lengthOfUTF8Sequence($0, at: start - text.startIndex) }
}

/// The same over a buffer.
func lengthOfUTF8Sequence(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
  func continues(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
    start + offset < text.count && range.contains(text[start + offset])
  }
  switch text[start] {
  case 0x00...0x7F: return 1
  case 0xC2...0xDF: return continues(1) ? 2 : 0
  case 0xE0: return continues(1, 0xA0...0xBF) && continues(2) ? 3 : 0
  case 0xED: return continues(1, 0x80...0x9F) && continues(2) ? 3 : 0
  case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
  case 0xF0: return continues(1, 0x90...0xBF) && continues(2) && continues(3) ? 4 : 0
  case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
  case 0xF4: return continues(1, 0x80...0x8F) && continues(2) && continues(3) ? 4 : 0
  default: return 0
  }
}
