import Diagnostics

/// At most three names that are similar to an unknown one, the nearest first.
///
/// Compares whole names and the short forms that users type; repository and tag separately. A prefix or
/// suffix of a repository is also similar.
public func namesNear(_ input: String, among names: some Sequence<String>) -> [String] {
  let wanted = SpelledName(input)
  var distances: [String: Int] = [:]
  for name in names {
    let forms = typedForms(of: name)
    let distance = (forms + [lastComponent(of: name)]).compactMap { wanted.distance(to: SpelledName($0)) }
      .min()
    // An exact match is no suggestion: the problem is elsewhere.
    guard let distance, distance > 0, let shown = forms.last else { continue }
    distances[shown] = min(distance, distances[shown] ?? .max)
  }
  let nearest = distances.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
  return nearest.prefix(3).map(\.key)
}

/// A name, and the name without the prefix that a lookup adds itself; the shortest form is last.
public func typedForms(of name: String) -> [String] {
  let prefixes = ["localhost/", "docker.io/library/", "docker.io/"]
  return [name] + (prefixes.first { name.hasPrefix($0) }.map { [String(name.dropFirst($0.count))] } ?? [])
}

/// A complete name, and the name without what Docker adds itself.
public func dockerForms(of name: String) -> [String] {
  let prefixes = ["docker.io/library/", "docker.io/"]
  return [name] + (prefixes.first { name.hasPrefix($0) }.map { [String(name.dropFirst($0.count))] } ?? [])
}

private func lastComponent(of name: String) -> String {
  name.split(separator: "/").last.map(String.init) ?? name
}

/// A name as typed, split into repository and tag.
private struct SpelledName {
  let repository: String
  let tag: String?

  init(_ text: String) {
    let start = text.lastIndex(of: "/") ?? text.startIndex
    let colon = text[start...].lastIndex(of: ":")
    repository = String(text[..<(colon ?? text.endIndex)]).lowercased()
    tag = colon.map { String(text[text.index(after: $0)...]) }
  }

  /// The distance to another name; nil if it is too far.
  func distance(to other: SpelledName) -> Int? {
    let length = repository.utf8.count
    guard length > 0 else { return nil }
    let tags = (tag ?? "latest") == (other.tag ?? "latest") ? 0 : 1
    if let spelling = editDistance(repository, other.repository, limit: length < 3 ? 0 : max(1, length / 4)) {
      return 2 * spelling + tags
    }
    let isPart = other.repository.hasPrefix(repository) || other.repository.hasSuffix(repository)
    return isPart && length >= 3 ? 4 + tags : nil
  }
}
