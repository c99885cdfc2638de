import JSON

/// A value of a ``GoType``, as Go's decoder fills it from JSON.
enum GoValue: Sendable {
  case string([UInt8])
  case boolean(Bool)
  case integer(Int64)
  case time(GoTime)
  indirect case pointer(GoValue?)
  case list([GoValue]?)
  case map([[UInt8]: GoValue]?)
  case structure(GoStruct, [GoValue])
  /// Whether there was a value that is not null.
  case any(Bool)

  /// The zero value of a type.
  init(zero type: GoType) {
    self =
      switch type {
      case .string, .bytes: .string([])
      case .bool: .boolean(false)
      case .integer: .integer(0)
      case .time: .time(.zero)
      case .pointer: .pointer(nil)
      case .list, .stringOrList: .list(nil)
      case .map: .map(nil)
      case .structure(let type): .structure(type, type.fields.map { GoValue(zero: $0.type) })
      case .any: .any(false)
      }
  }

  /// Reads a whole JSON value as a struct.
  init(_ value: JSONValue, as type: GoStruct) throws(GoDecodingError) {
    self.init(zero: .structure(type))
    try decode(value, as: .structure(type))
  }
}

extension GoValue {
  /// Reads JSON into the value, over what it holds already, as a repeated member does in Go.
  ///
  /// Null empties pointers, slices and maps and changes nothing else.
  mutating func decode(_ value: JSONValue, as type: GoType) throws(GoDecodingError) {
    if value.isNull {
      switch type {
      case .pointer, .list, .stringOrList, .map, .any, .bytes: self = GoValue(zero: type)
      case .string, .bool, .integer, .time, .structure: break
      }
      return
    }
    switch type {
    case .string:
      guard let text = value.stringBytes else { throw .mismatch(value, type) }
      self = .string(text)
    case .bytes:
      guard let text = value.stringBytes else { throw .mismatch(value, type) }
      guard isBase64(text) else { throw .other("illegal base64 data") }
      self = .string(text)
    case .bool:
      guard let flag = value.bool else { throw .mismatch(value, type) }
      self = .boolean(flag)
    case .integer:
      guard let number = value.int64 else { throw .mismatch(value, type, showsNumber: true) }
      self = .integer(number)
    case .time:
      guard let text = value.stringBytes else {
        throw .other("Time.UnmarshalJSON: input is not a JSON string")
      }
      guard let time = GoTime(rfc3339: text) else {
        let shown = String(decoding: text, as: UTF8.self)
        throw .other("parsing time \(quoted(shown)) as \"2006-01-02T15:04:05Z07:00\": cannot parse")
      }
      self = .time(time)
    case .any: self = .any(true)
    case .pointer(let type):
      var target = GoValue(zero: type)
      if case .pointer(let old?) = self { target = old }
      self = .pointer(nil)
      try target.decode(value, as: type)
      self = .pointer(target)
    case .list(let element): try decodeList(value, element, type)
    case .stringOrList:
      if let text = value.stringBytes {
        self = .list([.string(text)])
      } else {
        self = .list(nil)
        try decodeList(value, .string, .string)
      }
    case .map(let element): try decodeMap(value, element, type)
    case .structure(let structure): try decodeStructure(value, structure, type)
    }
  }

  private mutating func decodeList(
    _ value: JSONValue, _ element: GoType, _ type: GoType
  ) throws(GoDecodingError) {
    guard value.kind == .array else { throw .mismatch(value, type) }
    var elements: [GoValue] = []
    if case .list(let old?) = self { elements = old }
    self = .list(nil)
    var count = 0
    for item in value.elements {
      if count == elements.count { elements.append(GoValue(zero: element)) }
      try elements[count].decode(item, as: element)
      count += 1
    }
    elements.removeSubrange(count...)
    self = .list(elements)
  }

  private mutating func decodeMap(
    _ value: JSONValue, _ element: GoType, _ type: GoType
  ) throws(GoDecodingError) {
    guard value.kind == .object else { throw .mismatch(value, type) }
    var entries: [[UInt8]: GoValue] = [:]
    if case .map(let old?) = self { entries = old }
    self = .map(nil)
    for (key, item) in value.members {
      var entry = GoValue(zero: element)
      try entry.decode(item, as: element)
      entries[key.stringBytes ?? []] = entry
    }
    self = .map(entries)
  }

  private mutating func decodeStructure(
    _ value: JSONValue, _ structure: GoStruct, _ type: GoType
  ) throws(GoDecodingError) {
    guard value.kind == .object else { throw .mismatch(value, type) }
    guard case .structure(_, var fields) = self else { return }
    self = .structure(structure, [])
    for (key, item) in value.members {
      guard let index = structure.index(of: key.stringBytes ?? []) else { continue }
      let field = structure.fields[index]
      do {
        try fields[index].decode(item, as: field.type)
      } catch {
        throw error.within(field: field.name, of: structure)
      }
    }
    self = .structure(structure, fields)
  }
}
