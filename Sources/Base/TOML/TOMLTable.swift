/// A table of a TOML document; the document itself is one.
public struct TOMLTable: Equatable, Sendable {
  /// A key and its value.
  public struct Member: Equatable, Sendable {
    /// The key without quotes, escapes decoded.
    public let key: String
    /// The value of the key.
    public let value: TOMLValue
  }

  /// The members in the order of the document; no two have the same key.
  public let members: [Member]

  init(members: [Member]) {
    self.members = members
  }

  /// Reads a document of TOML 1.0.
  ///
  /// A key has up to 64 names; arrays and inline tables nest up to 64 levels, including the names that lead to
  /// them. The time grows with the length of the document.
  ///
  /// - Throws: A ``TOMLError`` for the first position at which the text is not TOML.
  public init(parsing bytes: [UInt8]) throws(TOMLError) {
    var parser = TOMLParser(bytes)
    self = try parser.document()
  }

  /// The value of a key, compared byte by byte.
  public subscript(key: String) -> TOMLValue? {
    members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }
}
