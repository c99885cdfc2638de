// The bytes that TOML's grammar distinguishes.

let newline = UInt8(ascii: "\n")
let carriageReturn = UInt8(ascii: "\r")
let backslash = UInt8(ascii: "\\")

func isQuote(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
}

func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

/// Whether a byte may be in a name without quotes.
func isBare(_ byte: UInt8) -> Bool {
  isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}

/// Whether a byte may be in a number, a date or a truth value.
func isWord(_ byte: UInt8) -> Bool {
  isBare(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
}

/// Whether a byte may be in a comment or, unless it is special there, in a string.
func isText(_ byte: UInt8) -> Bool {
  byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t")
}

/// The value of a hexadecimal digit.
func hexadecimalValue(_ byte: UInt8) -> Int? {
  if isDigit(byte) { return Int(byte - UInt8(ascii: "0")) }
  let lower = byte | 0x20
  return (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(lower) ? Int(lower - UInt8(ascii: "a")) + 10 : nil
}
