import Diagnostics
import ImageReference
import POSIX
import TOML

/// The short-name settings of one registries.conf file.
///
/// Checks the whole file, including tables of registries that matter only for pulling. After an error anywhere,
/// the original programs refuse the whole configuration; what they refuse must not resolve here.
/// Source: containers/image pkg/sysregistriesv2; containers-registries.conf(5).
struct RegistriesFile {
  /// The registries to search, in order; nil if the file does not set them.
  let searchRegistries: [String]?
  /// The aliases; an empty value removes the alias of an earlier file.
  let aliases: [String: String]

  /// Reads a file; only the main file may have version 1.
  init(_ file: ConfigurationTable, isDropIn: Bool) throws(Failure) {
    let old = try VersionOneRegistries(file)
    let search = try file.strings("unqualified-search-registries")
    let registries = try file.tables("registry") ?? []
    let hasNewKeys = try Self.hasVersionTwoKeys(file)
    aliases = try Self.aliases(file)
    for registry in registries { try checkWildcard(registry) }
    if old.isPresent {
      if isDropIn { throw file.invalid("registry must be in v2 format but is in v1") }
      if hasNewKeys { throw file.invalid("mixing sysregistry v1/v2 is not supported") }
    }
    try checkRegistries(registries)
    var entries: [String]? = search
    if old.isPresent { entries = old.search }
    searchRegistries = try entries.map { list throws(Failure) in
      var result: [String] = []
      for entry in list { result.append(try Self.searchEntry(entry, file)) }
      return result
    }
  }

  /// The aliases of a file; both sides are checked.
  static func aliases(_ file: ConfigurationTable) throws(Failure) -> [String: String] {
    var result: [String: String] = [:]
    guard let table = try file.table("aliases") else { return result }
    for member in table.content.members {
      // Exact names only: case is not ignored in the keys of a Go map.
      guard case .string(let value) = member.value else {
        throw file.invalid(
          "aliases.\(member.key): a string is expected, not \(member.value.kind)")
      }
      do {
        try ShortNameAlias.checkName(member.key)
        result[member.key] = value.isEmpty ? "" : try ShortNameAlias.repository(value)
      } catch {
        throw file.invalid(
          error.reason)
      }
    }
    return result
  }

  private static func hasVersionTwoKeys(_ file: ConfigurationTable) throws(Failure) -> Bool {
    let helpers = try file.strings("credential-helpers")
    let layers = try file.string("additional-layer-store-auth-helper")
    let mode = try file.string("short-name-mode")
    if let mode, !mode.isEmpty, ShortNameMode(rawValue: mode) == nil {
      throw file.invalid(
        "invalid short-name mode: \"\(mode)\"")
    }
    return helpers != nil || layers?.isEmpty == false || mode?.isEmpty == false
      || file.has("registry") || file.has("unqualified-search-registries") || file.has("aliases")
  }

  private static func searchEntry(_ entry: String, _ file: ConfigurationTable) throws(Failure) -> String {
    let registry = try location(entry, file)
    // Checks the grammar of a domain with a reference that cannot fail otherwise.
    guard let reference = try? ImageReference.parse("\(registry)/a"), exactly(reference.domain, registry) else {
      throw file.invalid(
        "Invalid unqualified-search-registries entry \"\(registry)\"")
    }
    return registry
  }
}

/// How pulling programs treat ambiguous short names; no effect on local images.
enum ShortNameMode: String {
  case disabled
  case permissive
  case enforcing
}

private func exactly(_ one: String, _ other: String) -> Bool {
  one.utf8.elementsEqual(other.utf8)
}
