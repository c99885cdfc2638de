/// How strictly a JSON text is read beyond the grammar of RFC 8259.
public struct JSONRules: Sendable {
  /// Whether one object may hold a member name twice.
  ///
  /// Go's decoder accepts a name in any case for a struct field, so readers disagree on a document with two of
  /// them. In a map, such as an image's labels, they are two names.
  enum RepeatedNames {
    /// The last member of the name counts.
    case allowed
    /// Names that differ only in case are different names.
    case refused
    /// Nor may two names differ only in case, see ``foldedName(_:)``.
    case refusedInAnyCase
  }

  let repeatedNames: RepeatedNames
  /// Whether strings may hold bytes that are not UTF-8.
  let allowsInvalidUTF8: Bool
  /// How deep arrays and objects may nest.
  let maximumDepth: Int

  /// Rules for records whose meaning must not depend on the reader: store metadata.
  public static let strict = JSONRules(
    repeatedNames: .refusedInAnyCase, allowsInvalidUTF8: false, maximumDepth: 64)

  /// The strict rules for documents that contain maps: manifests, `img/1` records.
  ///
  /// Readers of objects with fixed members also call ``JSONValue/refuseNamesInSeveralCases()``.
  public static let strictWithMaps = JSONRules(
    repeatedNames: .refused, allowsInvalidUTF8: false, maximumDepth: 64)

  /// Rules for documents that are passed on, such as image configs: whatever Go's decoder accepts.
  public static let lenient = JSONRules(repeatedNames: .allowed, allowsInvalidUTF8: true, maximumDepth: 512)
}
