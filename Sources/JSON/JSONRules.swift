/// How strictly a JSON text is read beyond the grammar of RFC 8259.
public struct JSONRules: Sendable {
  /// Whether a member name may occur twice in one object.
  ///
  /// Names that differ only in ASCII case count as the same: Go's decoder takes either for a struct field,
  /// so a document with both means different things to different readers.
  public var allowsDuplicateKeys: Bool
  /// Whether strings may hold bytes that are not UTF-8.
  public var allowsInvalidUTF8: Bool
  /// How deep arrays and objects may nest.
  public var maximumDepth: Int

  /// Rules for records whose meaning must not depend on the reader: store metadata, manifests, `img/1` records.
  public static let strict = JSONRules(allowsDuplicateKeys: false, allowsInvalidUTF8: false, maximumDepth: 64)

  /// Rules for documents that are only carried, such as image configs: what Go's decoder would accept.
  public static let lenient = JSONRules(allowsDuplicateKeys: true, allowsInvalidUTF8: true, maximumDepth: 512)

  /// Creates a set of rules.
  public init(allowsDuplicateKeys: Bool, allowsInvalidUTF8: Bool, maximumDepth: Int) {
    self.allowsDuplicateKeys = allowsDuplicateKeys
    self.allowsInvalidUTF8 = allowsInvalidUTF8
    self.maximumDepth = maximumDepth
  }
}
