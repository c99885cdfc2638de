/// How strictly a JSON text is read beyond the grammar of RFC 8259.
public struct JSONRules: Sendable {
  /// Whether a member name may occur twice in one object.
  public var allowsDuplicateKeys: Bool
  /// Whether names that differ only in case are different names, see ``foldedName(_:)``.
  ///
  /// Go's decoder accepts either name for a struct field, so readers disagree on a document with both. In a
  /// map, such as an image's labels, they are two names.
  public var distinguishesCase: Bool
  /// Whether strings may hold bytes that are not UTF-8.
  public var allowsInvalidUTF8: Bool
  /// How deep arrays and objects may nest.
  public var maximumDepth: Int

  /// Rules for records whose meaning must not depend on the reader: store metadata.
  public static let strict = JSONRules(
    allowsDuplicateKeys: false, distinguishesCase: false, allowsInvalidUTF8: false, maximumDepth: 64)

  /// The strict rules for documents that contain maps: manifests, `img/1` records.
  ///
  /// Readers of objects with fixed members also call ``JSONValue/refuseNamesInSeveralCases()``.
  public static let strictWithMaps = JSONRules(
    allowsDuplicateKeys: false, distinguishesCase: true, allowsInvalidUTF8: false, maximumDepth: 64)

  /// Rules for documents that are passed on, such as image configs: whatever Go's decoder accepts.
  public static let lenient = JSONRules(
    allowsDuplicateKeys: true, distinguishesCase: true, allowsInvalidUTF8: true, maximumDepth: 512)

  /// Creates a set of rules.
  public init(
    allowsDuplicateKeys: Bool, distinguishesCase: Bool, allowsInvalidUTF8: Bool, maximumDepth: Int
  ) {
    self.allowsDuplicateKeys = allowsDuplicateKeys
    self.distinguishesCase = distinguishesCase
    self.allowsInvalidUTF8 = allowsInvalidUTF8
    self.maximumDepth = maximumDepth
  }
}
