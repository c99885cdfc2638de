import Diagnostics

extension TarSplitReader {
  /// The length of the tar in bytes, computed from the remaining records alone.
  public consuming func measure() throws(Failure) -> UInt64 {
    var total: UInt64 = 0
    while true {
      let length: UInt64
      switch try next() {
      case nil: return total
      case .segment: length = UInt64(segment.count)
      case .file(let size, _): length = lastHeaderHasBody ? size : 0
      }
      let (sum, overflow) = total.addingReportingOverflow(length)
      guard !overflow, sum <= UInt64(Int64.max) else { throw damaged("sum of sizes overflows") }
      total = sum
    }
  }

  /// Refuses files that this process may not read; opens each file with contents once.
  public consuming func checkReadable(_ files: any LayerFiles) throws(Failure) {
    while let record = try next() {
      if case .file(let size, _) = record, size > 0, lastHeaderHasBody { try files.checkReadable(name) }
    }
  }
}
