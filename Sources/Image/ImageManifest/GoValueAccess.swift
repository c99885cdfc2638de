extension GoValue {
  /// The value of a struct's field by its exact name; through pointers; absent for other values.
  ///
  /// Setting a field that is not there changes nothing.
  subscript(_ name: String) -> GoValue {
    get {
      switch self {
      case .pointer(let target?): return target[name]
      case .structure(let structure, let values):
        guard let index = structure.fields.firstIndex(where: { $0.name == name }) else { return .any(false) }
        return values[index]
      default: return .any(false)
      }
    }
    set {
      guard case .structure(let structure, var values) = self,
        let index = structure.fields.firstIndex(where: { $0.name == name })
      else { return }
      values[index] = newValue
      self = .structure(structure, values)
    }
  }

  /// The bytes of a string, none for other values.
  var bytes: [UInt8] {
    if case .string(let text) = self { text } else { [] }
  }

  /// The text of a string, empty for other values.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The number of an integer, 0 for other values.
  var number: Int64 {
    if case .integer(let number) = self { number } else { 0 }
  }

  /// Whether the value is true.
  var isTrue: Bool {
    if case .boolean(true) = self { true } else { false }
  }

  /// Whether there is anything: a value that is not null, a pointer that leads somewhere.
  var isThere: Bool {
    switch self {
    case .any(let isThere): isThere
    case .pointer(let target): target != nil
    default: true
    }
  }

  /// The elements of a slice, none for nil and other values.
  var elements: [GoValue] {
    if case .list(let elements?) = self { elements } else { [] }
  }

  /// The entries of a map in the order of their keys' bytes, nil for a nil map and other values.
  var entries: [(key: [UInt8], value: GoValue)]? {
    guard case .map(let entries?) = self else { return nil }
    return entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }
}
