import FuzzTargets

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzTarget.gzip.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
