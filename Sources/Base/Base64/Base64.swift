/// Standard base64 with padding (RFC 4648, section 4), from bytes to bytes.

/// The base64 text of some bytes.
public func base64Encoded(_ bytes: some Collection<UInt8>) -> [UInt8] {
  bytes.withContiguousStorageIfAvailable(encode) ?? Array(bytes).withUnsafeBufferPointer(encode)
}

private func encode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  var index = 0
  while index + 3 <= bytes.count {
    let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
    text.append(character(group >> 18))
    text.append(character(group >> 12))
    text.append(character(group >> 6))
    text.append(character(group))
    index += 3
  }
  let rest = bytes.count - index
  if rest > 0 {
    let group = UInt32(bytes[index]) << 16 | (rest > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
    text.append(character(group >> 18))
    text.append(character(group >> 12))
    text.append(rest > 1 ? character(group >> 6) : padding)
    text.append(padding)
  }
  return text
}

/// The character of the lowest six bits.
private func character(_ bits: UInt32) -> UInt8 { alphabet[Int(bits & 63)] }

/// The bytes of a base64 text; nil if it is malformed, not padded, or has stray bits after its last byte.
public func base64Decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
  if let result = text.withContiguousStorageIfAvailable({ appendBase64(UnsafeRawBufferPointer($0)) }) {
    return result
  }
  return Array(text).withUnsafeBytes { appendBase64($0) }
}

private func appendBase64(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
  let count = bytes.withUnsafeMutableBytes { base64Decode(text, into: $0) }
  guard let count else { return nil }
  bytes.removeLast(bytes.count - count)
  return bytes
}

/// Decodes into a buffer of at least three bytes for every four of the text; returns the number of bytes.
///
/// nil if the text is malformed or the buffer is too small.
public func base64Decode(_ text: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer) -> Int? {
  guard text.count.isMultiple(of: 4) else { return nil }
  guard text.count > 0 else { return 0 }
  guard bytes.count >= text.count / 4 * 3 else { return nil }
  return values.withUnsafeBufferPointer { values in
    var output = 0
    var faults: UInt8 = 0
    var position = 0
    while position < text.count - 4 {
      // Tar headers, the usual input, are mostly zero bytes.
      if text.count - position > 36,
        text.loadUnaligned(fromByteOffset: position, as: SIMD4<UInt64>.self) == SIMD4(repeating: zeros)
      {
        bytes.storeBytes(of: SIMD2(), toByteOffset: output, as: SIMD2<UInt64>.self)
        bytes.storeBytes(of: 0, toByteOffset: output + 16, as: UInt64.self)
        output += 24
        position += 32
        continue
      }
      if text.count - position > 12, text.loadUnaligned(fromByteOffset: position, as: UInt64.self) == zeros {
        bytes.storeBytes(of: 0, toByteOffset: output, as: UInt32.self)
        bytes.storeBytes(of: 0, toByteOffset: output + 4, as: UInt16.self)
        output += 6
        position += 8
        continue
      }
      let a = values[Int(text[position])]
      let b = values[Int(text[position + 1])]
      let c = values[Int(text[position + 2])]
      let d = values[Int(text[position + 3])]
      faults |= a | b | c | d
      bytes[output] = a << 2 | b >> 4
      bytes[output + 1] = b << 4 | c >> 2
      bytes[output + 2] = c << 6 | d
      output += 3
      position += 4
    }
    guard faults & invalid == 0 else { return nil }
    return decodeLast(text, values, into: bytes, at: output)
  }
}

/// Decodes the last four characters, the only ones that may be padded.
private func decodeLast(
  _ text: UnsafeRawBufferPointer, _ values: UnsafeBufferPointer<UInt8>,
  into bytes: UnsafeMutableRawBufferPointer, at output: Int
) -> Int? {
  let last = text.count - 4
  let padded = text[last + 3] != padding ? 0 : text[last + 2] != padding ? 1 : 2
  let a = values[Int(text[last])]
  let b = values[Int(text[last + 1])]
  let c = padded > 1 ? 0 : values[Int(text[last + 2])]
  let d = padded > 0 ? 0 : values[Int(text[last + 3])]
  guard (a | b | c | d) & invalid == 0 else { return nil }
  if padded == 2, b & 0x0F != 0 { return nil }
  if padded == 1, c & 0x03 != 0 { return nil }
  bytes[output] = a << 2 | b >> 4
  if padded < 2 { bytes[output + 1] = b << 4 | c >> 2 }
  if padded < 1 { bytes[output + 2] = c << 6 | d }
  return output + 3 - padded
}

/// Whether a text is base64, padded and without white space; stray bits after its last byte do not matter.
public func isBase64(_ text: some Collection<UInt8>) -> Bool {
  let paddingLength = text.suffix(2).reversed().prefix { $0 == padding }.count
  return text.count.isMultiple(of: 4)
    && text.dropLast(paddingLength).allSatisfy { values[Int($0)] != invalid }
}

private let padding: UInt8 = 0x3D
/// Eight times `A`, the text of six zero bytes.
private let zeros: UInt64 = 0x4141_4141_4141_4141
private let invalid: UInt8 = 0x80
private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
/// The value of each character, `invalid` for those outside the alphabet.
private let values: [UInt8] = (0..<256).map { character in
  alphabet.firstIndex(of: UInt8(character)).map(UInt8.init) ?? invalid
}
