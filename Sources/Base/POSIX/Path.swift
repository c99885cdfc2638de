import Diagnostics
import Glibc

/// A file name as the kernel sees it: bytes without NUL, in no particular encoding.
///
/// Not a `String`: strings that differ only in Unicode normalisation are equal.
public struct Path: Hashable, Sendable {
  /// The bytes of the path, without a terminating NUL.
  public let bytes: [UInt8]

  /// A path of bytes, cut off at the first NUL.
  public init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes.prefix { $0 != 0 })
  }

  /// A path of the bytes of a C string.
  public init(cString: UnsafePointer<CChar>) {
    self.init(UnsafeRawBufferPointer(start: cString, count: strlen(cString)))
  }

  /// A path of the UTF-8 bytes of a text.
  public init(_ text: String) {
    self.init(text.utf8)
  }

  /// The path of an entry below this one; the component must be checked or constant.
  public func appending(_ component: String) -> Path {
    appending(Path(component))
  }

  /// The path of an entry below this one.
  public func appending(_ component: Path) -> Path {
    if bytes.isEmpty { return component }
    return Path(bytes + (bytes.last == 0x2F ? [] : [0x2F]) + component.bytes)
  }

  /// Whether the path starts at the root.
  public var isAbsolute: Bool { bytes.first == 0x2F }

  /// The last component; `/` and the empty path have none.
  public var lastComponent: Path {
    Path(withoutTrailingSlashes.split(separator: 0x2F).last ?? [])
  }

  /// The directory that holds the entry: `.` for a bare name, `/` at the root.
  public var parent: Path {
    let trimmed = withoutTrailingSlashes
    guard let slash = trimmed.lastIndex(of: 0x2F) else { return Path(".") }
    return slash == trimmed.startIndex ? Path("/") : Path(trimmed[..<slash])
  }

  /// The path with a text appended to its last byte.
  public func withSuffix(_ suffix: String) -> Path {
    Path(bytes + suffix.utf8)
  }

  private var withoutTrailingSlashes: ArraySlice<UInt8> {
    guard let last = bytes.lastIndex(where: { $0 != 0x2F }) else { return bytes.prefix(1) }
    return bytes[...last]
  }

  /// Calls a closure with the path as a C string.
  public func withCString<Result: ~Copyable, E: Error>(_ body: (UnsafePointer<CChar>) throws(E) -> Result)
    throws(E)
    -> Result
  {
    var terminated = bytes.map(CChar.init(bitPattern:))
    terminated.append(0)
    return try body(terminated)
  }
}

extension Path: CustomStringConvertible, ExpressibleByStringLiteral {
  /// The path for a message, with unprintable bytes escaped.
  public var description: String { printable(bytes: bytes) }

  /// A constant path.
  public init(stringLiteral text: String) {
    self.init(text)
  }
}
