import Diagnostics

/// The `[registries.*]` tables of version 1.
struct VersionOneRegistries {
  /// Whether any of the lists is present, even an empty one.
  let isPresent: Bool
  /// The registries to search.
  let search: [String]

  init(_ file: ConfigurationTable) throws(Failure) {
    let registries = try file.table("registries")
    func list(_ name: String) throws(Failure) -> [String]? {
      try registries?.table(name)?.strings("registries")
    }
    let search = try list("search")
    let insecure = try list("insecure")
    let block = try list("block")
    isPresent = search != nil || insecure != nil || block != nil
    self.search = search ?? []
    for entry in (block ?? []) + (insecure ?? []) { _ = try location(entry, file) }
  }
}

/// A host with an optional path, without trailing slashes; refuses a URL.
func location(_ text: String, _ file: ConfigurationTable) throws(Failure) -> String {
  var trimmed = Substring(text)
  while trimmed.utf8.last == UInt8(ascii: "/") { trimmed.unicodeScalars.removeLast() }
  if trimmed.utf8.starts(with: "http://".utf8) || trimmed.utf8.starts(with: "https://".utf8) {
    throw file.invalid(
      "invalid location '\(text)': URI schemes are not supported")
  }
  return String(trimmed)
}

/// Refuses a prefix with a wildcard that covers more than a host name.
func checkWildcard(_ registry: ConfigurationTable) throws(Failure) {
  guard let prefix = try registry.string("prefix"), prefix.utf8.starts(with: "*.".utf8) else { return }
  if prefix.utf8.contains(where: { "/@:".utf8.contains($0) }) {
    throw registry.invalid(
      "wildcarded prefix should be in the format: *.example.com. "
        + "Current prefix \"\(prefix)\" is incorrectly formatted")
  }
}

/// Checks the `[[registry]]` tables of a file: each alone, then against each other.
func checkRegistries(_ registries: [ConfigurationTable]) throws(Failure) {
  var settings: [String: (insecure: Bool, blocked: Bool)] = [:]
  for registry in registries {
    let place = try checkPlace(registry)
    try checkMirrors(registry, place)
    let insecure = try registry.boolean("insecure") ?? false
    let blocked = try registry.boolean("blocked") ?? false
    guard let other = settings[place.key] else {
      settings[place.key] = (insecure, blocked)
      continue
    }
    for (name, conflict) in [("insecure", other.insecure != insecure), ("blocked", other.blocked != blocked)]
    where conflict {
      throw registry.invalid(
        "registry '\(place.location)' is defined multiple times with conflicting '\(name)' setting")
    }
  }
}

/// The subject of a `[[registry]]` table; tables with the same `key` can conflict.
private struct RegistryPlace {
  let location: String
  let prefix: String
  var key: String { location.isEmpty ? prefix : location }
}

private func checkPlace(_ registry: ConfigurationTable) throws(Failure) -> RegistryPlace {
  let address = try location(registry.string("location") ?? "", registry)
  var prefix = try registry.string("prefix") ?? ""
  if prefix.isEmpty {
    if address.isEmpty { throw registry.invalid("invalid condition: both location and prefix are unset") }
    prefix = address
  } else {
    prefix = try location(prefix, registry)
    if address.isEmpty, !prefix.utf8.starts(with: "*.".utf8) {
      throw registry.invalid(
        "invalid condition: location is unset and prefix is not in the format: *.example.com")
    }
  }
  if try registry.string("pull-from-mirror")?.isEmpty == false {
    throw registry.invalid("pull-from-mirror must not be set for a non-mirror registry \"\(prefix)\"")
  }
  return RegistryPlace(location: address, prefix: prefix)
}

private func checkMirrors(_ registry: ConfigurationTable, _ place: RegistryPlace) throws(Failure) {
  let byDigestOnly = try registry.boolean("mirror-by-digest-only") ?? false
  for mirror in try registry.tables("mirror") ?? [] {
    _ = try mirror.boolean("insecure")
    let address = try location(mirror.string("location") ?? "", mirror)
    if address.isEmpty { throw registry.invalid("invalid condition: mirror location is unset") }
    guard let use = try mirror.string("pull-from-mirror"), !use.isEmpty else { continue }
    if byDigestOnly {
      throw registry.invalid(
        "cannot set mirror usage mirror-by-digest-only for the registry (\"\(place.prefix)\") "
          + "and pull-from-mirror for per-mirror (\"\(address)\") at the same time")
    }
    guard ["all", "digest-only", "tag-only"].contains(use) else {
      throw registry.invalid("unsupported pull-from-mirror value \"\(use)\" for mirror \"\(address)\"")
    }
  }
}
