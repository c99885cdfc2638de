import JSON

/// A field of a ``GoStruct``.
public struct GoField<Struct: GoStruct>: Sendable {
  /// The name of the member in JSON.
  public let name: String
  /// The property of the field.
  let path: any PartialKeyPath<Struct> & Sendable
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

/// The fields of a ``GoStruct``, in the order in which they are written.
public struct GoFields<Struct: GoStruct>: ExpressibleByArrayLiteral, Sendable {
  let list: [GoField<Struct>]
  private let names: FieldNames

  /// Creates a list of fields.
  public init(arrayLiteral fields: GoField<Struct>...) {
    list = fields
    names = FieldNames(fields.map(\.name))
  }

  /// The field for a member name: the one with exactly this name, else one that differs only in case.
  func field(for name: [UInt8]) -> GoField<Struct>? { names.index(of: name).map { list[$0] } }
}

/// The names of fields; not generic, because decoding spends most of its time finding them.
private struct FieldNames: Sendable {
  private let exact: [[UInt8]]
  private let folded: [[UInt8]]

  init(_ names: [String]) {
    exact = names.map { Array($0.utf8) }
    folded = exact.map(foldedName)
  }

  func index(of name: [UInt8]) -> Int? {
    if let index = exact.firstIndex(of: name) { return index }
    let name = foldedName(name)
    return folded.firstIndex(of: name)
  }
}
