import Diagnostics
import POSIX
import TOML

/// A table of a configuration file with access to members by name and type.
///
/// An absent member is nil; a member of another type is a failure that names file and key. As in the original
/// decoder, ASCII case of keys is ignored if there is no exact match.
struct ConfigurationTable {
  /// The file the table is part of.
  let file: Path
  /// The content of the table.
  let content: TOMLTable
  /// The keys that lead to the table, each with a dot after it.
  private let prefix: String

  /// The root table of a file.
  init(file: Path, content: TOMLTable) {
    self.init(file: file, content: content, prefix: "")
  }

  private init(file: Path, content: TOMLTable, prefix: String) {
    self.file = file
    self.content = content
    self.prefix = prefix
  }

  private func value(_ key: String) -> TOMLValue? {
    content[key] ?? content.members.first { equalIgnoringCase($0.key, key) }?.value
  }

  /// A failure about the file.
  func invalid(_ reason: String) -> Failure { Failure(.badData, file.description, reason) }

  private func wrongType(_ key: String, wanted: String, found: TOMLValue) -> Failure {
    invalid("\(prefix)\(key): \(wanted) is expected, not \(found.kind)")
  }

  /// Whether the table has the key, with any value.
  func has(_ key: String) -> Bool { value(key) != nil }

  /// The string of a key.
  func string(_ key: String) throws(Failure) -> String? {
    switch value(key) {
    case nil: nil
    case .string(let text): text
    case .some(let other): throw wrongType(key, wanted: "a string", found: other)
    }
  }

  /// The boolean of a key.
  func boolean(_ key: String) throws(Failure) -> Bool? {
    switch value(key) {
    case nil: nil
    case .boolean(let truth): truth
    case .some(let other): throw wrongType(key, wanted: "a boolean", found: other)
    }
  }

  /// The elements of the array of a key.
  func array(_ key: String) throws(Failure) -> [TOMLValue]? {
    switch value(key) {
    case nil: nil
    case .array(let elements): elements
    case .some(let other): throw wrongType(key, wanted: "an array", found: other)
    }
  }

  /// The strings of the array of a key.
  func strings(_ key: String) throws(Failure) -> [String]? {
    guard let elements = try array(key) else { return nil }
    var result: [String] = []
    for element in elements {
      guard case .string(let text) = element else {
        throw wrongType(key, wanted: "an array of strings", found: element)
      }
      result.append(text)
    }
    return result
  }

  /// The table of a key.
  func table(_ key: String) throws(Failure) -> ConfigurationTable? {
    switch value(key) {
    case nil: nil
    case .table(let content): ConfigurationTable(file: file, content: content, prefix: "\(prefix)\(key).")
    case .some(let other): throw wrongType(key, wanted: "a table", found: other)
    }
  }

  /// The tables of the array of a key.
  func tables(_ key: String) throws(Failure) -> [ConfigurationTable]? {
    guard let elements = try array(key) else { return nil }
    var result: [ConfigurationTable] = []
    for element in elements {
      guard case .table(let content) = element else {
        throw wrongType(key, wanted: "an array of tables", found: element)
      }
      result.append(ConfigurationTable(file: file, content: content, prefix: "\(prefix)\(key)."))
    }
    return result
  }
}

private func equalIgnoringCase(_ one: String, _ other: String) -> Bool {
  one.utf8.elementsEqual(other.utf8) { lower($0) == lower($1) }
}

/// An ASCII letter in lower case; any other byte unchanged.
func lower(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
