/// The text before and after the first occurrence of an ASCII character; after is nil if it does not occur.
func cut(_ text: Bytes, at separator: Unicode.Scalar) -> (before: Bytes, after: Bytes?) {
  guard let index = text.firstIndex(of: UInt8(ascii: separator)) else { return (text, nil) }
  return (text[..<index], text[(index + 1)...])
}

/// Whether a text consists of runs of some characters with exactly one separator between them.
///
/// A separator is one character, repeated at most `longest` times; `longest` is 0 for all other characters. The
/// text neither begins nor ends with a separator and is not empty.
func isRuns(
  _ text: Bytes, of member: (UInt8) -> Bool, startingWith first: (UInt8) -> Bool = { _ in true },
  longest: (UInt8) -> Int
) -> Bool {
  var rest = text
  while let start = rest.first, member(start), first(start) {
    rest = rest.drop(while: member)
    guard let separator = rest.first else { return true }
    let next = rest.drop { $0 == separator }
    guard next.startIndex - rest.startIndex <= longest(separator) else { return false }
    rest = next
  }
  return false
}

func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
  isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
}

func isUpper(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}

func isAlphanumeric(_ byte: UInt8) -> Bool {
  isLowerAlphanumeric(byte) || isUpper(byte)
}

func isLetter(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) && !isDigit(byte)
}

func isWord(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "_")
}

func isLowerHexDigit(_ byte: UInt8) -> Bool {
  isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

func isHexDigit(_ byte: UInt8) -> Bool {
  isLowerHexDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
}
