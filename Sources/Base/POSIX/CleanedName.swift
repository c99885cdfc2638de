/// The name of a tar member as a path below the root of its layer: Go's `filepath.Clean("/" + name)` without the slash.
///
/// `.` and `..` are resolved as text, never above the root.
public func cleanedBelowRoot(_ name: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  result.reserveCapacity(name.count)
  var start = 0
  while start < name.count {
    var end = start
    while end < name.count, name[end] != 0x2F { end += 1 }
    defer { start = end + 1 }
    let count = end - start
    if count == 0 || count == 1 && name[start] == 0x2E { continue }
    if count == 2, name[start] == 0x2E, name[start + 1] == 0x2E {
      result.removeSubrange((result.lastIndex(of: 0x2F) ?? 0)...)
    } else {
      if !result.isEmpty { result.append(0x2F) }
      result += name[start..<end]
    }
  }
  return result
}
