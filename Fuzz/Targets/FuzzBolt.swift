import Bolt
import Diagnostics

/// A database of bbolt; the checksums of its meta records are made right, so that changes reach the pages.
public func fuzzBolt(_ bytes: [UInt8]) {
  read(bytes)
  var sealed = bytes
  for page in [0, 1024, 4096] where sealed.count >= page + 80 {
    let checksum = sealed[(page + 16)..<(page + 72)].reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    for index in 0..<8 { sealed[page + 72 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index)) }
  }
  read(sealed)
}

private func read(_ bytes: [UInt8]) {
  guard let scratch = ScratchFile(bytes), let database = try? BoltDatabase(scratch.path) else { return }
  try? database.read { root throws(Failure) in
    var visit = Visit(left: bytes.count)
    try visit.all(of: root, depth: 0)
  }
}

private struct Visit {
  /// No more elements than bytes, unless buckets share their pages.
  var left: Int

  mutating func all(of bucket: BoltBucket, depth: Int) throws(Failure) {
    var length = 0
    var previous: ArraySlice<UInt8>?
    var buckets: [BoltBucket] = []
    try bucket.visit { key, entry throws(Failure) in
      promise(previous.map { $0.lexicographicallyPrecedes(key) } ?? true, "keys that are not in order")
      previous = key
      guard let found = try bucket.entry(key) else { return promise(false, "a key that is not found") }
      switch (entry, found) {
      case (.value(let value), .value(let other)):
        promise(value == other, "another value")
        length += key.count + value.count
      case (.bucket(let bucket), .bucket): buckets.append(bucket)
      default: promise(false, "an entry of another kind")
      }
    }
    promise(length <= 64 << 20, "a bucket of \(length) bytes")
    for bucket in buckets where depth < 8 && left > 0 {
      left -= 1
      try all(of: bucket, depth: depth + 1)
    }
  }
}
