/// A parsed JSON text: its exact bytes, and a flat list of tokens that point into them.
///
/// Nothing is decoded or copied until it is asked for, so a value can always be had as it was written
/// (``JSONValue/raw``), which is what digests are made of. Tokens of a container are followed by those of
/// its contents; `next` leads past them.
final class JSONDocument: Sendable {
  /// One value: its kind, its place in the bytes, and the index of the token behind it and all it contains.
  struct Token: Sendable {
    var kind: JSONValue.Kind
    /// Strings only: whether the text between the quotes holds a backslash or a byte above 0x7F.
    var isPlain: Bool
    var start: Int
    var end: Int
    var next: Int
  }

  let bytes: [UInt8]
  let tokens: [Token]

  init(bytes: [UInt8], tokens: [Token]) {
    self.bytes = bytes
    self.tokens = tokens
  }
}
