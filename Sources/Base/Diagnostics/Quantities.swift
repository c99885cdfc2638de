/// A number of bytes as text, in decimal units: `512 B`, `824.3 kB`, `1.2 GB`.
public func byteText(_ count: UInt64) -> String {
  guard count >= 1000 else { return "\(count) B" }
  var unit: UInt64 = 1000
  var names = ["kB", "MB", "GB", "TB", "PB", "EB"][...]
  while names.count > 1, count / unit >= 1000 {
    unit *= 1000
    names = names.dropFirst()
  }
  let tenths = count / (unit / 10)
  return "\(tenths / 10).\(tenths % 10) \(names.first ?? "")"
}

/// A duration in nanoseconds as text: `340ms`, `7s`, `2m05s`, `1h02m`.
public func durationText(nanoseconds: UInt64) -> String {
  nanoseconds < 1_000_000_000
    ? "\(max(1, nanoseconds / 1_000_000))ms" : durationText(nanoseconds / 1_000_000_000)
}

/// A duration in seconds as text: `7s`, `2m05s`, `1h02m`.
public func durationText(_ seconds: UInt64) -> String {
  func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
  if seconds < 60 { return "\(seconds)s" }
  if seconds < 3600 { return "\(seconds / 60)m\(two(seconds % 60))s" }
  return "\(seconds / 3600)h\(two(seconds % 3600 / 60))m"
}
