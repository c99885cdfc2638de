/// A parsed JSON text: its exact bytes, and a flat list of tokens that point into them.
///
/// Decodes and copies nothing until asked, so every value is available as written (``JSONValue/raw``), which
/// digests depend on. The tokens of a container's contents follow its own; `next` leads past them.
final class JSONDocument: Sendable {
  /// One value: its kind, its range of bytes, and the index of the token that follows it and all it contains.
  struct Token: Sendable {
    let kind: JSONValue.Kind
    /// Strings only: whether the text between the quotes holds neither a backslash nor a byte above 0x7F.
    let isPlain: Bool
    private let first: UInt32
    private var last: UInt32
    private var following: UInt32

    init(kind: JSONValue.Kind, isPlain: Bool, start: Int, end: Int, next: Int) {
      self.kind = kind
      self.isPlain = isPlain
      first = UInt32(truncatingIfNeeded: start)
      last = UInt32(truncatingIfNeeded: end)
      following = UInt32(truncatingIfNeeded: next)
    }

    var start: Int { Int(first) }

    var end: Int {
      get { Int(last) }
      set { last = UInt32(truncatingIfNeeded: newValue) }
    }

    var next: Int {
      get { Int(following) }
      set { following = UInt32(truncatingIfNeeded: newValue) }
    }
  }

  /// The longest text in bytes: tokens are small, because a store of thousands of images has a million of them.
  static let sizeLimit = Int(UInt32.max)

  let bytes: [UInt8]
  let tokens: [Token]

  init(bytes: [UInt8], tokens: [Token]) {
    self.bytes = bytes
    self.tokens = tokens
  }
}
