import JSON

/// A member that the tools pass on unread.
public struct RecordMember: Sendable {
  /// The member's name.
  public let key: [UInt8]
  /// The member's value.
  public let value: JSONValue

  /// A member with the value that a closure writes.
  ///
  /// - Throws: A ``JSON/JSONError`` if the closure does not write exactly one value.
  public init(_ key: String, _ write: (inout JSONWriter) -> Void) throws(JSONError) {
    var writer = JSONWriter()
    write(&writer)
    self.key = Array(key.utf8)
    value = try JSONValue(parsing: writer.bytes, rules: .strictWithMaps)
  }

  init(key: [UInt8], value: JSONValue) {
    self.key = key
    self.value = value
  }
}
