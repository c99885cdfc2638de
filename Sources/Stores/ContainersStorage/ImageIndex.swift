import JSON

/// An index from names and IDs to the records of one store; a lookup then reads only a few records.
///
/// Holds hashes instead of texts. Compare a hit with its record: two names can have the same hash.
struct ImageIndex: Sendable {
  /// Hashes of names with the indices of their records, sorted.
  private var names: [Place] = []
  /// The first eight bytes of IDs as numbers with the indices of their records, sorted.
  private var ids: [Place] = []
  /// The indices of the store's records.
  let records: Range<Int>

  private struct Place: Comparable {
    let number: UInt64
    let record: Int

    static func < (one: Place, other: Place) -> Bool {
      (one.number, one.record) < (other.number, other.record)
    }
  }

  /// Indexes some of the records.
  init(_ images: [ImageEntry], _ records: Range<Int>) {
    self.records = records
    ids.reserveCapacity(records.count)
    for record in records {
      if let id = images[record].record["id"]?.withStringUTF8({ leadingNumber($0, padding: 0) }) {
        ids.append(Place(number: id, record: record))
      }
      guard let stored = images[record].record["names"] else { continue }
      for name in stored.elements {
        if let hash = name.withStringUTF8({ hashed($0) }) { names.append(Place(number: hash, record: record)) }
      }
    }
    names.sort()
    ids.sort()
  }

  /// The records that may have a name, in their order.
  func candidates(forName name: [UInt8]) -> some Sequence<Int> {
    let hash = name.withUnsafeBufferPointer { hashed($0) }
    return Self.places(in: names, from: hash, through: hash)
  }

  /// The records whose IDs may start with some bytes, in no particular order.
  func candidates(forIDPrefix prefix: [UInt8]) -> some Sequence<Int> {
    prefix.withUnsafeBufferPointer { bytes in
      Self.places(
        in: ids, from: leadingNumber(bytes, padding: 0), through: leadingNumber(bytes, padding: 0xFF))
    }
  }

  private static func places(
    in list: [Place], from first: UInt64, through last: UInt64
  ) -> some Sequence<Int> {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if list[middle].number < first { low = middle + 1 } else { high = middle }
    }
    return list[low...].lazy.prefix { $0.number <= last }.map(\.record)
  }
}

/// The first eight bytes of a text as a number, most significant first; pads a shorter text.
private func leadingNumber(_ text: UnsafeBufferPointer<UInt8>, padding: UInt8) -> UInt64 {
  var number: UInt64 = 0
  for index in 0..<8 {
    number = number << 8 | UInt64(index < text.count ? text[index] : padding)
  }
  return number
}

private func hashed(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  return hash
}
