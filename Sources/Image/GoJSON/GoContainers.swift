import JSON

/// A Go pointer; around an array or a dictionary, a Go slice or map, which can be nil.
extension Optional: GoValue where Wrapped: GoValue {
  /// The name of the Go type: errors name what a pointer leads to.
  public static var goTypeName: String { Wrapped.goTypeName }

  /// Nil.
  public static var isClearedByNull: Bool { true }

  /// Creates nil.
  public init() {
    self = nil
  }

  /// Whether this is a nil pointer, or a slice or map without elements.
  public var isGoEmpty: Bool {
    guard let self else { return true }
    return Wrapped.isClearedByNull && self.isGoEmpty
  }

  /// Reads a value over the pointer's target.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    // Take the value out and put it back, so that no container is copied.
    var target = self ?? Wrapped()
    self = nil
    try target.decodeGo(json)
    self = target
  }

  /// Writes the value, or null.
  public func encodeGo(to json: inout JSONWriter) {
    guard let self else { return json.null() }
    self.encodeGo(to: &json)
  }

  /// Checks the value.
  public static func refuseNamesInSeveralCases(_ json: JSONValue) throws(JSONError) {
    try Wrapped.refuseNamesInSeveralCases(json)
  }
}

/// The elements of a Go slice.
extension Array: GoValue where Element: GoValue {
  /// The name of the Go type.
  public static var goTypeName: String { "[]" + Element.goTypeName }

  /// A nil slice.
  public static var isClearedByNull: Bool { true }

  /// Whether there are no elements.
  public var isGoEmpty: Bool { isEmpty }

  /// Reads an array over the existing elements.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    guard json.kind == .array else { throw .mismatch(json, Self.goTypeName) }
    var count = 0
    for element in json.elements {
      if count == self.count { append(Element()) }
      try self[count].readGo(element)
      count += 1
    }
    removeSubrange(count...)
  }

  /// Writes an array.
  public func encodeGo(to json: inout JSONWriter) {
    json.array { json in
      for element in self { element.encodeGo(to: &json) }
    }
  }

  /// Checks each element.
  public static func refuseNamesInSeveralCases(_ json: JSONValue) throws(JSONError) {
    for element in json.elements { try Element.refuseNamesInSeveralCases(element) }
  }
}

/// The entries of a Go map with strings for keys.
extension Dictionary: GoValue where Key == [UInt8], Value: GoValue {
  /// The name of the Go type.
  public static var goTypeName: String { "map[string]" + Value.goTypeName }

  /// A nil map.
  public static var isClearedByNull: Bool { true }

  /// Whether there are no entries.
  public var isGoEmpty: Bool { isEmpty }

  /// Reads an object; its members replace entries of the same name, other entries stay.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    guard json.kind == .object else { throw .mismatch(json, Self.goTypeName) }
    for (key, member) in json.members {
      var entry = Value()
      try entry.readGo(member)
      self[key.stringBytes ?? []] = entry
    }
  }

  /// Writes an object with its members in the order of the bytes of their names.
  public func encodeGo(to json: inout JSONWriter) {
    json.object { json in
      for (key, value) in sortedByKey {
        json.key(bytes: key)
        value.encodeGo(to: &json)
      }
    }
  }

  /// The entries in the order of the bytes of their keys, in which Go writes them.
  public var sortedByKey: [(key: [UInt8], value: Value)] {
    sorted { $0.key.lexicographicallyPrecedes($1.key) }
  }

  /// Checks each entry; keys are data and may differ only in case.
  public static func refuseNamesInSeveralCases(_ json: JSONValue) throws(JSONError) {
    for (_, member) in json.members { try Value.refuseNamesInSeveralCases(member) }
  }
}

/// Go's `map[string]struct{}`: the sets in Docker's and OCI's configs.
public typealias GoSet = [[UInt8]: GoEmptyStruct]

/// Go's `struct{}`.
public struct GoEmptyStruct: GoStruct {
  /// The name of the Go type.
  public static let goTypeName = "struct {}"
  /// No fields.
  public static let fields: GoFields<GoEmptyStruct> = []

  /// Creates the only value.
  public init() {}
}

/// Docker's `strslice.StrSlice`: a slice of strings that is also read from a single string.
public struct GoStringOrList: GoValue {
  /// The name of the Go type in errors.
  public static let goTypeName = "string"
  /// A nil slice.
  public static let isClearedByNull = true

  /// The strings; nil until something is read.
  public var strings: [String]?

  /// Creates the zero value.
  public init() {}

  /// Whether there are no strings.
  public var isGoEmpty: Bool { strings.isGoEmpty }

  /// Reads a string or an array of strings.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    if let text = json.string {
      strings = [text]
      return
    }
    guard json.kind == .array else { throw .mismatch(json, Self.goTypeName) }
    strings = nil
    try strings.decodeGo(json)
  }

  /// Writes an array, or null.
  public func encodeGo(to json: inout JSONWriter) { strings.encodeGo(to: &json) }
}
