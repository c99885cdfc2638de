import Base64
import JSON

/// Go's `string`.
extension String: GoValue {
  /// The name of the Go type.
  public static var goTypeName: String { "string" }

  /// Whether the string is empty.
  public var isGoEmpty: Bool { isEmpty }

  /// Reads a JSON string.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    guard let text = json.string else { throw .mismatch(json, Self.goTypeName) }
    self = text
  }

  /// Writes a JSON string.
  public func encodeGo(to json: inout JSONWriter) { json.string(self) }
}

/// Go's `bool`.
extension Bool: GoValue {
  /// The name of the Go type.
  public static var goTypeName: String { "bool" }

  /// Whether the value is false.
  public var isGoEmpty: Bool { !self }

  /// Reads `true` or `false`.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    guard let flag = json.bool else { throw .mismatch(json, Self.goTypeName) }
    self = flag
  }

  /// Writes `true` or `false`.
  public func encodeGo(to json: inout JSONWriter) { json.boolean(self) }
}

/// Go's `int64`.
extension Int64: GoValue {
  /// The name of the Go type.
  public static var goTypeName: String { "int64" }

  /// Whether the value is 0.
  public var isGoEmpty: Bool { self == 0 }

  /// Reads a number without fraction and exponent.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    guard let number = json.int64 else { throw .mismatch(json, Self.goTypeName, showsNumber: true) }
    self = number
  }

  /// Writes the number.
  public func encodeGo(to json: inout JSONWriter) { json.integer(self) }
}

/// Go's `int`, which has 64 bits.
extension Int: GoValue {
  /// The name of the Go type.
  public static var goTypeName: String { "int" }

  /// Whether the value is 0.
  public var isGoEmpty: Bool { self == 0 }

  /// Reads a number without fraction and exponent.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    guard let number = json.int64.flatMap({ Int(exactly: $0) }) else {
      throw .mismatch(json, Self.goTypeName, showsNumber: true)
    }
    self = number
  }

  /// Writes the number.
  public func encodeGo(to json: inout JSONWriter) { json.integer(self) }
}

/// A Go type with another underlying type; only errors show its own name.
public protocol GoNamed: GoValue {
  /// The underlying type.
  associatedtype Underlying: GoValue

  /// The value as its underlying type.
  var value: Underlying { get set }
}

extension GoNamed {
  /// Whether the underlying value is empty.
  public var isGoEmpty: Bool { value.isGoEmpty }

  /// Reads the underlying value.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    do {
      try value.decodeGo(json)
    } catch {
      throw error.expecting(Self.goTypeName)
    }
  }

  /// Writes the underlying value.
  public func encodeGo(to json: inout JSONWriter) { value.encodeGo(to: &json) }
}

/// Go's `[]byte`: base64 in JSON, kept as written.
public struct GoBytes: GoValue {
  /// The name of the Go type.
  public static let goTypeName = "[]uint8"
  /// A nil slice.
  public static let isClearedByNull = true

  /// The bytes in base64.
  public var base64 = ""

  /// Creates the zero value.
  public init() {}

  /// Creates a value from a base64 text.
  public init(base64: String) {
    self.base64 = base64
  }

  /// Whether there are no bytes.
  public var isGoEmpty: Bool { base64.isEmpty }

  /// Reads a JSON string in base64.
  public mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
    guard let text = json.stringBytes else { throw .mismatch(json, Self.goTypeName) }
    guard isBase64(text) else { throw .other("illegal base64 data") }
    base64 = String(decoding: text, as: UTF8.self)
  }

  /// Writes the bytes in base64.
  public func encodeGo(to json: inout JSONWriter) { json.string(base64) }
}

/// Go's `interface{}`, reduced to whether it holds anything but null.
public struct GoAny: GoValue {
  /// The name of the Go type.
  public static let goTypeName = "interface {}"
  /// A nil interface.
  public static let isClearedByNull = true

  /// Whether a value was read that is not null.
  public private(set) var isPresent = false

  /// Creates the zero value.
  public init() {}

  /// Whether there is no value.
  public var isGoEmpty: Bool { !isPresent }

  /// Accepts any value.
  public mutating func decodeGo(_ json: JSONValue) { isPresent = true }

  /// Writes null: the value is not kept.
  public func encodeGo(to json: inout JSONWriter) { json.null() }
}
