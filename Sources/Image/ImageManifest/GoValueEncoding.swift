import JSON

extension GoValue {
  /// Whether `omitempty` leaves the value out: zero scalars, nil pointers, empty containers; never structs and times.
  private var isEmpty: Bool {
    switch self {
    case .string(let text): text.isEmpty
    case .boolean(let flag): !flag
    case .integer(let number): number == 0
    case .pointer(let target): target == nil
    case .list(let elements): elements?.isEmpty ?? true
    case .map(let entries): entries?.isEmpty ?? true
    case .any(let isThere): !isThere
    case .time, .structure: false
    }
  }

  /// Writes the value as Go's encoder does: struct fields in their order, map keys sorted by bytes, nil as null.
  func write(to json: inout JSONWriter) {
    switch self {
    case .string(let text): json.string(bytes: text)
    case .boolean(let flag): json.boolean(flag)
    case .integer(let number): json.integer(number)
    case .time(let time): json.string(time.description)
    case .pointer(let target?): target.write(to: &json)
    case .list(let elements?):
      json.array { json in
        for element in elements { element.write(to: &json) }
      }
    case .map(let entries?):
      json.object { json in
        for (key, value) in entries.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
          json.key(bytes: key)
          value.write(to: &json)
        }
      }
    case .structure(let structure, let values):
      json.object { json in
        for (field, value) in zip(structure.fields, values) where !(field.omitsEmpty && value.isEmpty) {
          json.key(field.name)
          value.write(to: &json)
        }
      }
    case .pointer(nil), .list(nil), .map(nil), .any: json.null()
    }
  }

  /// The value as a JSON text.
  var encoded: [UInt8] {
    var json = JSONWriter()
    write(to: &json)
    return json.bytes
  }
}
