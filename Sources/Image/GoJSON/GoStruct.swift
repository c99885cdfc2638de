import JSON

/// A Go struct: reads its properties from members of a JSON object and writes them in the order of ``fields``.
///
/// Name each property twice: in its declaration and in `fields`. Nothing else names it as text.
public protocol GoStruct: GoValue {
  /// The fields in the order in which they are written.
  static var fields: GoFields<Self> { get }
}

extension GoStruct {
  /// Reads a whole JSON value.
  public init(_ json: JSONValue) throws(GoDecodingError) {
    self.init()
    try readGo(json)
  }

  /// Reads a text of one JSON value by the rules of Go's decoder.
  public init(parsing text: [UInt8]) throws(GoDecodingError) {
    try self.init(try JSONValue(parsingGo: text))
  }

  /// The struct as a JSON text.
  public var encoded: [UInt8] {
    var json = JSONWriter()
    encodeGo(to: &json)
    return json.bytes
  }

  /// False: `omitempty` has no effect on structs.
  public var isGoEmpty: Bool { false }

  /// Reads the members that have a field, in the order of the text.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    guard json.kind == .object else { throw .mismatch(json, Self.goTypeName) }
    for (name, member) in json.members {
      guard let field = Self.fields.field(for: name.stringBytes ?? []) else { continue }
      do {
        try field.read(member, &self)
      } catch {
        throw error.within(field: field.name, of: Self.goTypeName)
      }
    }
  }

  /// Writes the fields as an object.
  public func encodeGo(to json: inout JSONWriter) {
    json.object { json in
      for field in Self.fields.list { field.write(self, &json) }
    }
  }

  /// Refuses an object with two names that differ only in case, here and in the fields.
  public static func refuseNamesInSeveralCases(_ json: JSONValue) throws(JSONError) {
    try json.refuseNamesInSeveralCases()
    for (name, member) in json.members {
      if let field = fields.field(for: name.stringBytes ?? []) { try field.check(member) }
    }
  }
}

extension JSONValue {
  /// Reads a text of one JSON value by the rules of Go's decoder.
  public init(parsingGo text: [UInt8]) throws(GoDecodingError) {
    do {
      try self.init(parsing: text, rules: .lenient)
    } catch {
      throw .malformed(error)
    }
  }
}
