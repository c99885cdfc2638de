/// The Go type that a JSON value is read into: what decides which values a peer takes, and how it writes them again.
///
/// The peers decode manifests and configs into Go structs and encode those anew. To get the same bytes, the
/// structs are described here as data, once, and one decoder and one encoder work for all of them.
/// Source: Go 1.22, encoding/json.
indirect enum GoType: Sendable {
  /// A string, or a type made of one; the name is for error texts only.
  case string(named: String)
  /// `bool`
  case bool
  /// An integer that fits 64 bits.
  case integer(named: String)
  /// `[]byte`, base64 in JSON.
  case bytes
  /// `time.Time`, RFC 3339 in JSON.
  case time
  /// A value that may be missing.
  case pointer(GoType)
  /// A slice: nil until an array is read.
  case list(GoType)
  /// A `[]string` that a plain string is taken for, too (Docker's `strslice.StrSlice`).
  case stringOrList
  /// A map with string keys: nil until an object is read.
  case map(GoType)
  /// A struct.
  case structure(GoStruct)
  /// Anything; only whether it is there and not null is kept.
  case any

  static let string = GoType.string(named: "string")
  static let digest = GoType.string(named: "digest.Digest")
  static let int = GoType.integer(named: "int")
  static let int64 = GoType.integer(named: "int64")
  static let strings = GoType.list(.string)
  /// `map[string]struct{}`: a set in Docker's and OCI's configs.
  static let set = GoType.map(.structure(GoStruct("struct {}", [])))

  /// The type as Go's errors name it.
  var name: String {
    switch self {
    case .string(let name), .integer(let name): name
    case .bool: "bool"
    case .bytes: "[]uint8"
    case .time: "time.Time"
    case .pointer(let type): "*" + type.name
    case .list(let type): "[]" + type.name
    case .stringOrList: "string"
    case .map(let type): "map[string]" + type.name
    case .structure(let type): type.qualifiedName
    case .any: "interface {}"
    }
  }
}

/// A Go struct: its fields in the order in which they are written.
final class GoStruct: Sendable {
  struct Field: Sendable {
    let name: String
    let folded: [UInt8]
    let type: GoType
    /// Go's `omitempty`: nothing is written for the zero value or an empty container.
    let omitsEmpty: Bool
  }

  /// The name with its package, as in `v1.Image`.
  let qualifiedName: String
  let fields: [Field]

  init(_ name: String, _ fields: [Field]) {
    qualifiedName = name
    self.fields = fields
  }

  /// The name without its package.
  var name: String {
    qualifiedName.split(separator: ".").last.map(String.init) ?? qualifiedName
  }

  /// The field for a member name: one of exactly this name, else one that differs only in case.
  func index(of key: [UInt8]) -> Int? {
    if let exact = fields.firstIndex(where: { $0.name.utf8.elementsEqual(key) }) { return exact }
    let key = folded(key)
    return fields.firstIndex { $0.folded == key }
  }
}

extension GoStruct.Field {
  /// A field that is always written.
  static func always(_ name: String, _ type: GoType) -> GoStruct.Field {
    GoStruct.Field(name: name, folded: ImageManifest.folded(Array(name.utf8)), type: type, omitsEmpty: false)
  }

  /// A field that is written unless it is empty.
  static func optional(_ name: String, _ type: GoType) -> GoStruct.Field {
    GoStruct.Field(name: name, folded: ImageManifest.folded(Array(name.utf8)), type: type, omitsEmpty: true)
  }
}

/// A member name without case, as Go compares them: ASCII, and the two other letters that fold to ASCII.
func folded(_ name: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(name.count)
  var rest = name[...]
  while let byte = rest.first {
    if rest.starts(with: [0xC5, 0xBF]) {  // U+017F, long s
      result.append(0x73)
      rest = rest.dropFirst(2)
    } else if rest.starts(with: [0xE2, 0x84, 0xAA]) {  // U+212A, Kelvin sign
      result.append(0x6B)
      rest = rest.dropFirst(3)
    } else {
      result.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
      rest = rest.dropFirst()
    }
  }
  return result
}
