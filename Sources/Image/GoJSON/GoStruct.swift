import JSON

/// A Go struct: its properties are read from members of a JSON object and written in the order of ``fields``.
///
/// A property has to be named twice, where it is declared and in `fields`; nowhere else is it named by a text.
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

  /// Reads a text that holds one JSON value, which may be anything that Go's decoder takes.
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

  /// Reads the members of an object that there are fields for, in the order of the text.
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

  /// Writes an object of the fields.
  public func encodeGo(to json: inout JSONWriter) {
    json.object { json in
      for field in Self.fields.list { field.write(self, &json) }
    }
  }

  /// Refuses an object with two names that differ in nothing but case, here and in the fields.
  public static func refuseNamesInSeveralCases(_ json: JSONValue) throws(JSONError) {
    try json.refuseNamesInSeveralCases()
    for (name, member) in json.members {
      if let field = fields.field(for: name.stringBytes ?? []) { try field.check(member) }
    }
  }
}

extension JSONValue {
  /// Reads a text that holds one JSON value, which may be anything that Go's decoder takes.
  public init(parsingGo text: [UInt8]) throws(GoDecodingError) {
    do {
      try self.init(parsing: text, rules: .lenient)
    } catch {
      throw .malformed(error)
    }
  }
}
