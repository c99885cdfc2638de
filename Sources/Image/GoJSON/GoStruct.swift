import JSON

/// A Go struct: its properties are read from members of a JSON object and written in the order of ``fields``.
///
/// A property has to be named twice, where it is declared and in `fields`; nowhere else is it named by a text.
public protocol GoStruct: GoValue {
  /// The fields in the order in which they are written.
  static var fields: [GoField<Self>] { get }
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
      guard let field = Self.field(for: name.stringBytes ?? []) else { continue }
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
      for field in Self.fields { field.write(self, &json) }
    }
  }

  /// Refuses an object with two names that differ in nothing but case, here and in the fields.
  public static func refuseNamesInSeveralCases(_ json: JSONValue) throws(JSONError) {
    try json.refuseNamesInSeveralCases()
    for (name, member) in json.members {
      if let field = field(for: name.stringBytes ?? []) { try field.check(member) }
    }
  }

  /// The field that a member is read into: the one of exactly its name, else one that differs only in case.
  static func field(for name: [UInt8]) -> GoField<Self>? {
    if let exact = fields.first(where: { $0.name.utf8.elementsEqual(name) }) { return exact }
    let name = foldedName(name)
    return fields.first { $0.foldedName == name }
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

/// A field of a ``GoStruct``.
public struct GoField<Struct: GoStruct>: Sendable {
  /// The name of the member in JSON.
  public let name: String
  /// The property that the field is.
  let path: any PartialKeyPath<Struct> & Sendable
  let foldedName: [UInt8]
  let read: @Sendable (JSONValue, inout Struct) throws(GoDecodingError) -> Void
  let write: @Sendable (Struct, inout JSONWriter) -> Void
  let check: @Sendable (JSONValue) throws(JSONError) -> Void

  /// A field that is always written.
  public static func always<Value: GoValue>(
    _ name: String, _ path: any WritableKeyPath<Struct, Value> & Sendable
  ) -> GoField {
    GoField(name, path, omitsEmpty: false)
  }

  /// A field that is written unless it is empty: Go's `omitempty`.
  public static func optional<Value: GoValue>(
    _ name: String, _ path: any WritableKeyPath<Struct, Value> & Sendable
  ) -> GoField {
    GoField(name, path, omitsEmpty: true)
  }

  private init<Value: GoValue>(
    _ name: String, _ path: any WritableKeyPath<Struct, Value> & Sendable, omitsEmpty: Bool
  ) {
    self.name = name
    self.path = path
    foldedName = JSON.foldedName(Array(name.utf8))
    read = { json, target throws(GoDecodingError) in try target[keyPath: path].readGo(json) }
    write = { source, json in
      let value = source[keyPath: path]
      if omitsEmpty, value.isGoEmpty { return }
      json.key(name)
      value.encodeGo(to: &json)
    }
    check = { json throws(JSONError) in try Value.refuseNamesInSeveralCases(json) }
  }
}
