import Glibc

/// Finds the end of the JSON object at the start of a buffer that may hold only a part of it.
///
/// Keeps its position, so that each byte is scanned once, however often more bytes arrive.
public struct FrameScanner: Sendable {
  private var position = 0
  private var depth = 0
  private var isInString = false
  /// Whether the buffer does not start with an object.
  public private(set) var isMalformed = false

  /// Starts at the first byte of a buffer.
  public init() {}

  /// The length of the object; nil if the buffer ends first.
  public mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard position > 0 || bytes.first == 0x7B else {
      isMalformed = !bytes.isEmpty
      return nil
    }
    while position < bytes.count {
      if isInString {
        guard let quote = closingQuote(bytes) else { return nil }
        position = quote + 1
        isInString = false
        continue
      }
      switch bytes[position] {
      case 0x22: isInString = true
      case 0x7B: depth += 1
      case 0x7D: depth -= 1
      default: break
      }
      position += 1
      if depth == 0 { return position }
    }
    return nil
  }

  /// The next unescaped quote; skips what was searched without success.
  private mutating func closingQuote(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    while position < bytes.count {
      let rest = bytes.count - position
      let quote = memchr(base + position, 0x22, rest).map { UnsafeRawPointer($0) - base } ?? bytes.count
      // An escape before the quote may make the quote part of the text.
      guard let backslash = memchr(base + position, 0x5C, quote - position).map({ UnsafeRawPointer($0) - base })
      else {
        if quote < bytes.count { return quote }
        position = bytes.count
        return nil
      }
      // The escaped byte may still be to come.
      position = backslash + 2
    }
    return nil
  }
}

/// Reads the fixed parts of a record in sequence.
struct Cursor {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// Skips a text if it is next.
  mutating func skip(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard let base = bytes.baseAddress, bytes.count - position >= count,
      memcmp(base + position, text.utf8Start, count) == 0
    else { return false }
    position += count
    return true
  }

  /// Reads the text up to the next quote and skips the quote; nil if the text contains an escape.
  mutating func textUpToQuote() -> UnsafeRawBufferPointer? {
    guard let base = bytes.baseAddress, let found = memchr(base + position, 0x22, bytes.count - position)
    else { return nil }
    let quote = UnsafeRawPointer(found) - base
    if memchr(base + position, 0x5C, quote - position) != nil { return nil }
    defer { position = quote + 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<quote])
  }

  /// Reads an unsigned number.
  mutating func number() -> UInt64? {
    var value: UInt64 = 0
    let first = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(bytes[position] - 0x30))
      if overflow || carry || sum > UInt64(Int64.max) { return nil }
      value = sum
      position += 1
    }
    return position > first ? value : nil
  }

  /// Skips the position member and the end of the record.
  mutating func skipPosition() -> Bool {
    skip(",\"position\":") && number() != nil && skip("}")
  }
}
