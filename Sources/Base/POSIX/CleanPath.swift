extension Path {
  /// The shortest equivalent path, by text alone: no `.`, no double slashes, `..` resolved if possible.
  ///
  /// Source: Go's path/filepath, Clean.
  public var cleaned: Path {
    let names = cleanedNames(bytes, isRooted: isAbsolute)
    if isAbsolute { return Path([slash] + names) }
    return names.isEmpty ? "." : Path(names)
  }

  /// The name of a tar member as a path below a root: Go's `filepath.Clean("/" + name)`.
  ///
  /// `..` never leads above the root; the result has no leading slash.
  public static func cleaned(belowRoot name: [UInt8]) -> [UInt8] {
    cleanedNames(name, isRooted: true)
  }
}

/// Joins the names in a path with single slashes; drops `.`, and each `..` with the name before it.
///
/// Drops a `..` without a name before it in a rooted path, and keeps it in any other.
private func cleanedNames(_ path: [UInt8], isRooted: Bool) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(path.count)
  /// The length of the leading `..` that are kept.
  var kept = 0
  var start = 0
  while start < path.count {
    var end = start
    while end < path.count, path[end] != slash { end += 1 }
    defer { start = end + 1 }
    let count = end - start
    if count == 0 || count == 1 && path[start] == dot { continue }
    let isParent = count == 2 && path[start] == dot && path[start + 1] == dot
    if isParent, result.count > kept {
      result.removeSubrange((result[kept...].lastIndex(of: slash) ?? kept)...)
      continue
    }
    if isParent, isRooted { continue }
    if !result.isEmpty { result.append(slash) }
    result += path[start..<end]
    if isParent { kept = result.count }
  }
  return result
}

private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")
