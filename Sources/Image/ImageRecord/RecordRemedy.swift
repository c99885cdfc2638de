import Diagnostics
import JSON

/// Messages for input that is no record, but that people pipe in place of one.
enum RecordRemedy {
  /// The failure for a text without records.
  static let noRecords = Failure(
    .badData, "standard input", "no records; the command before it may have failed")

  /// The failure for a text that is a list of names; nil for any other text.
  ///
  /// Names and IDs have only the characters of references: distribution reference, regexp.go.
  static func names(in text: [UInt8]) -> Failure? {
    let first = text.drop { isBlank($0) || $0 == 0x0A || $0 == 0x0D }.prefix { $0 >= 0x20 }
    let end = first.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? first.startIndex
    let line = first[..<end]
    guard !line.isEmpty, line.count <= 1024, line.allSatisfy(isOfName), !line.elementsEqual("null".utf8) else {
      return nil
    }
    return Failure(
      .badData, "standard input", "these look like names, not records; put \"img-resolve - |\" in front")
  }

  /// Why a JSON value is no record.
  static func reason(_ kind: JSONValue.Kind) -> String {
    switch kind {
    case .array: "an array, not a record; put \"jq -c '.[]' |\" in front"
    case .string: "a string, not a record; if it is a name, use jq -r and put \"img-resolve - |\" in front"
    default: "expected an object"
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "._-/:@".utf8.contains(byte)
    }
  }
}
