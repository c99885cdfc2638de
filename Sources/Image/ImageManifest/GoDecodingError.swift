import JSON

/// JSON that does not fit the Go type it is read into, in the words of Go's decoder.
enum GoDecodingError: Error {
  /// A value of the wrong kind.
  case wrongKind(value: String, structure: String, field: String, type: String)
  /// Anything else, in its own words.
  case other(String)

  /// A value of the wrong kind, not yet in any struct.
  static func mismatch(_ value: JSONValue, _ type: GoType, showsNumber: Bool = false) -> GoDecodingError {
    let kind =
      switch value.kind {
      case .object: "object"
      case .array: "array"
      case .string: "string"
      case .number:
        showsNumber ? "number " + String(decoding: value.raw.prefix(64), as: UTF8.self) : "number"
      case .boolean: "bool"
      case .null: "null"
      }
    return .wrongKind(value: kind, structure: "", field: "", type: type.name)
  }

  /// The error as seen from the struct around it: Go names the innermost struct and the whole path.
  func within(field name: String, of outer: GoStruct) -> GoDecodingError {
    guard case .wrongKind(let value, let structure, let field, let type) = self else { return self }
    return .wrongKind(
      value: value, structure: structure.isEmpty ? outer.name : structure,
      field: field.isEmpty ? name : name + "." + field, type: type)
  }

  /// The error in words.
  var reason: String {
    switch self {
    case .other(let text): text
    case .wrongKind(let value, let structure, let field, let type):
      structure.isEmpty
        ? "json: cannot unmarshal \(value) into Go value of type \(type)"
        : "json: cannot unmarshal \(value) into Go struct field \(structure).\(field) of type \(type)"
    }
  }
}
