import Diagnostics
import POSIX
import TOML

/// A key of a storage.conf file that has no effect: it is unknown, misspelt, or in the wrong table.
public struct IgnoredKey: Equatable, Sendable {
  /// The file.
  public let file: Path
  /// The dotted path of the key, as written in the file.
  public let path: String
  /// Whether podman warns of the key unasked.
  ///
  /// Up to version 5 podman warns of the keys of the main file. Releases that read more files than one mention
  /// unknown keys only in debug messages.
  /// Source: containers/storage 1.62 types/options.go, ReloadConfigurationFile; 1.64 pkg/configfile, ParseTOML.
  public private(set) var podmanWarns: Bool

  /// The table, a known one, and the key, both in lower case.
  private let table: String
  private let key: String

  /// The keys of a file without effect; of an unknown table only the table.
  static func all(in file: ConfigurationTable) -> [IgnoredKey] {
    all(in: file.content, "", at: "", file.file)
  }

  private static func all(
    in content: TOMLTable, _ table: String, at prefix: String, _ file: Path
  ) -> [IgnoredKey] {
    var result: [IgnoredKey] = []
    for member in content.members {
      let path = StorageKeys.path(of: quotedIfNeeded(member.key), in: prefix)
      let key = String(decoding: member.key.utf8.map(lower), as: UTF8.self)
      guard StorageKeys.byTable[table]?.contains(key) == true else {
        result.append(
          IgnoredKey(
            file: file, path: path, podmanWarns: StorageKeys.unused[table]?.contains(key) != true, table: table,
            key: key))
        continue
      }
      let name = StorageKeys.path(of: key, in: table)
      if case .table(let content) = member.value, StorageKeys.byTable[name] != nil {
        result += all(in: content, name, at: path, file)
      }
    }
    return result
  }

  /// The same key for a file that is read after the main one.
  var inLaterFile: IgnoredKey {
    var result = self
    result.podmanWarns = false
    return result
  }
}

extension IgnoredKey: CustomStringConvertible {
  /// The key for messages, with the right table or the most similar key if there is one.
  public var description: String {
    "\(file): \(path): no such key, ignored\(remedy.map { " (\($0))" } ?? "")"
  }

  private var remedy: String? {
    let tables = StorageKeys.tables(with: key)
    if !tables.isEmpty {
      return "belongs in \(tables.map { "[\($0)]" }.joined(separator: " or "))"
    }
    if let near = nearest(to: key, among: StorageKeys.byTable[table] ?? []) {
      return "did you mean \(StorageKeys.path(of: near, in: table))?"
    }
    guard let near = nearest(to: key, among: StorageKeys.byTable.values.flatMap(\.self).sorted()),
      let table = StorageKeys.tables(with: near).first
    else { return nil }
    return "did you mean \(StorageKeys.path(of: near, in: table))?"
  }
}

/// A key as TOML writes it: bare if it can be, else in quotes.
private func quotedIfNeeded(_ key: String) -> String {
  let isBare = key.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }
  return isBare && !key.isEmpty ? key : "\"\(key)\""
}
