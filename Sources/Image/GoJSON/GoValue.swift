import JSON

/// A value that is read from JSON and written to it as Go's encoding/json does with the Go type it corresponds to.
///
/// The peers decode manifests and configs into Go structs and encode those anew. To get the same bytes, each of these
/// structs has a ``GoStruct`` here, made of the same types:
///
/// | Go | Swift |
/// | --- | --- |
/// | `string`, `bool`, `int`, `int64` | `String`, `Bool`, `Int`, `Int64` |
/// | `type Name string` | a ``GoNamed`` |
/// | `*T` | `T?` |
/// | `[]T`, nil until an array is read | `[T]?` |
/// | `map[string]T`, nil until an object is read | `[[UInt8]: T]?`; `String` would merge equivalent keys |
/// | `map[string]struct{}` | ``GoSet`` |
/// | `[]byte` | ``GoBytes`` |
/// | `time.Time` | ``GoTime`` |
/// | `interface{}` | ``GoAny`` |
///
/// Source: Go 1.22, encoding/json.
public protocol GoValue: Sendable {
  /// The Go type in Go's errors, as in `v1.Image`.
  static var goTypeName: String { get }

  /// Whether JSON's null is read as the zero value; else it changes nothing.
  static var isClearedByNull: Bool { get }

  /// Creates Go's zero value.
  init()

  /// Whether `omitempty` leaves the value out: zero scalars, nil pointers, empty containers; never structs and times.
  var isGoEmpty: Bool { get }

  /// Reads a JSON value that is not null over what the value holds, as a repeated member does in Go.
  mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError)

  /// Writes the value as Go's encoder does.
  func encodeGo(to json: inout JSONWriter)

  /// Refuses a JSON value in which Go's decoder would read two members into one field of a struct.
  static func refuseNamesInSeveralCases(_ json: JSONValue) throws(JSONError)
}

extension GoValue {
  /// Null changes nothing, unless a type says otherwise.
  public static var isClearedByNull: Bool { false }

  /// Nothing is refused, unless the type has fields.
  public static func refuseNamesInSeveralCases(_ json: JSONValue) {}

  /// Reads any JSON value over what the value holds.
  mutating func readGo(_ json: JSONValue) throws(GoDecodingError) {
    if !json.isNull {
      try decodeGo(json)
    } else if Self.isClearedByNull {
      self = Self()
    }
  }
}
