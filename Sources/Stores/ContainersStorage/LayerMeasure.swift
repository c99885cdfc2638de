import Diagnostics

extension LayerReader {
  /// The length in bytes of a layer's tar, from its metadata alone where it has such.
  ///
  /// For layers whose record does not say it: those that were pulled by their table of contents.
  static func measure(_ id: StorageID, in location: StoreLocation) throws(Failure) -> UInt64 {
    try StoreSnapshot.explaining(id, in: location) { () throws(Failure) in
      if var layer = try AdditionalLayer.open(id, in: location) { return try layer.measure() }
      var records = try TarSplitReader(tarSplit(of: id, in: location))
      var total: UInt64 = 0
      while true {
        let length: UInt64
        switch try records.next() {
        case nil: return total
        case .segment: length = UInt64(records.segment.count)
        case .file(let size, _): length = records.lastHeaderHasBody ? size : 0
        }
        let (sum, overflow) = total.addingReportingOverflow(length)
        guard !overflow, sum <= UInt64(Int64.max) else { throw records.damaged("sum of sizes overflows") }
        total = sum
      }
    }
  }
}
