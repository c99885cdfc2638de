/// The lower-case form of a text that a reference could match; nil if it has other non-ASCII text.
///
/// Go lower-cases by the simple mapping of each code point. It maps two code points to ASCII: the dotted
/// capital I and the Kelvin sign.
/// Source: strings.ToLower of Go.
func lowercasedASCII(_ text: String) -> [UInt8]? {
  var result: [UInt8] = []
  result.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x41...0x5A: result.append(UInt8(scalar.value) + 0x20)
    case ..<0x80: result.append(UInt8(scalar.value))
    case 0x130: result.append(UInt8(ascii: "i"))
    case 0x212A: result.append(UInt8(ascii: "k"))
    default: return nil
    }
  }
  return result
}

/// Whether lower-casing changes a text, in any script.
///
/// Source: strings.ToLower of Go.
func changesWhenLowercased(_ text: Bytes) -> Bool {
  if text.allSatisfy({ $0 < 0x80 }) { return text.contains(where: isUpper) }
  return String(decoding: text, as: UTF8.self).unicodeScalars.contains { scalar in
    !scalar.properties.lowercaseMapping.unicodeScalars.elementsEqual([scalar])
  }
}
