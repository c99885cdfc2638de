import FuzzTargets

/// The target that `--target=NAME` selects; libFuzzer ignores options that start with two hyphens.
private let target: FuzzTarget = {
  let option = "--target="
  guard let word = CommandLine.arguments.last(where: { $0.hasPrefix(option) }),
    let target = FuzzTarget(rawValue: String(word.dropFirst(option.count)))
  else { fatalError("usage: fuzz --target=NAME [LIBFUZZER_OPTION...] FOLDER...") }
  return target
}()

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
