import JSON

/// A value that is read from and written to JSON as Go's encoding/json does for the corresponding Go type.
///
/// podman and skopeo decode manifests and configs into Go structs and encode them again. To get the same bytes,
/// each of these structs has a ``GoStruct`` here, with the same types:
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

  /// Whether JSON's null is read as the zero value; if not, it changes nothing.
  static var isClearedByNull: Bool { get }

  /// Creates Go's zero value.
  init()

  /// Whether `omitempty` drops the value: zero scalars, nil pointers, empty containers; never structs and
  /// times.
  var isGoEmpty: Bool { get }

  /// Reads a JSON value other than null over the present value, as Go does for a repeated member.
  mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError)

  /// Writes the value as Go's encoder does.
  func encodeGo(to json: inout JSONWriter)

  /// Refuses a JSON value in which Go's decoder would read two members into one field of a struct.
  static func refuseNamesInSeveralCases(_ json: JSONValue) throws(JSONError)
}

extension GoValue {
  /// False: null changes nothing.
  public static var isClearedByNull: Bool { false }

  /// Refuses nothing, for types without fields.
  public static func refuseNamesInSeveralCases(_ json: JSONValue) {}

  /// Reads any JSON value over the present value.
  mutating func readGo(_ json: JSONValue) throws(GoDecodingError) {
    if !json.isNull {
      try decodeGo(json)
    } else if Self.isClearedByNull {
      self = Self()
    }
  }
}
