/// A member name without its case, as Go compares the names of a struct's fields.
///
/// Upper-case ASCII letters become lower case, and so do the two other characters that fold to ASCII: U+017F
/// (long s) and U+212A (Kelvin sign). All other bytes stay, since field names are ASCII.
/// Source: Go 1.22, encoding/json/fold.go (`foldName`).
public func foldedName(_ name: [UInt8]) -> [UInt8] {
  if name.allSatisfy({ $0 < 0x80 }) { return name.map(lowercased) }
  var result: [UInt8] = []
  result.reserveCapacity(name.count)
  var rest = name[...]
  while let byte = rest.first {
    if rest.starts(with: [0xC5, 0xBF]) {
      result.append(UInt8(ascii: "s"))
      rest = rest.dropFirst(2)
    } else if rest.starts(with: [0xE2, 0x84, 0xAA]) {
      result.append(UInt8(ascii: "k"))
      rest = rest.dropFirst(3)
    } else {
      result.append(lowercased(byte))
      rest = rest.dropFirst()
    }
  }
  return result
}
