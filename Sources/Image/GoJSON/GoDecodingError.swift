import JSON

/// JSON that does not fit the Go type it is read into, worded as by Go's decoder.
public enum GoDecodingError: Error {
  /// A text that is not JSON.
  case malformed(JSONError)
  /// A value of the wrong kind.
  ///
  /// `structure` is the innermost struct around the value, without its package; `field` is the path from the
  /// outermost struct. Both are empty for a value outside any struct.
  case wrongKind(value: String, structure: String, field: String, type: String)
  /// Any other error, as text.
  case other(String)

  /// A value of the wrong kind, not yet in any struct.
  static func mismatch(_ value: JSONValue, _ type: String, showsNumber: Bool = false) -> GoDecodingError {
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
    return .wrongKind(value: kind, structure: "", field: "", type: type)
  }

  /// The same error for another type that is read in the same way.
  func expecting(_ type: String) -> GoDecodingError {
    guard case .wrongKind(let value, let structure, let field, _) = self else { return self }
    return .wrongKind(value: value, structure: structure, field: field, type: type)
  }

  /// The error as seen from the struct around it: Go names the innermost struct and the whole path.
  func within(field name: String, of outer: String) -> GoDecodingError {
    guard case .wrongKind(let value, let structure, let field, let type) = self else { return self }
    let outerName = outer.split(separator: ".").last.map(String.init) ?? outer
    return .wrongKind(
      value: value, structure: structure.isEmpty ? outerName : structure,
      field: field.isEmpty ? name : name + "." + field, type: type)
  }

  /// The error as text.
  public var reason: String {
    switch self {
    case .malformed(let error): "\(error)"
    case .other(let text): text
    case .wrongKind(let value, let structure, let field, let type):
      structure.isEmpty
        ? "json: cannot unmarshal \(value) into Go value of type \(type)"
        : "json: cannot unmarshal \(value) into Go struct field \(structure).\(field) of type \(type)"
    }
  }
}
