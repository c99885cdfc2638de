import POSIX

extension Path {
  /// The shortest path of the same meaning, by text alone: no `.`, no double slashes, `..` taken back.
  ///
  /// Source: Go's path/filepath, Clean.
  var cleaned: Path {
    var parts: [ArraySlice<UInt8>] = []
    for part in bytes.split(separator: UInt8(ascii: "/")) {
      switch part.elementsEqual("..".utf8) {
      case true where !parts.isEmpty && parts.last?.elementsEqual("..".utf8) == false: parts.removeLast()
      case true where isAbsolute: break
      default: if !part.elementsEqual(".".utf8) { parts.append(part) }
      }
    }
    let joined = Array(parts.joined(separator: [UInt8(ascii: "/")]))
    if isAbsolute { return Path([UInt8(ascii: "/")] + joined) }
    return joined.isEmpty ? "." : Path(joined)
  }

  /// The path below the working directory if it is relative, cleaned.
  var absolute: Path {
    guard !isAbsolute, let directory = try? Path(".").resolved() else { return cleaned }
    return directory.appending(self).cleaned
  }
}
