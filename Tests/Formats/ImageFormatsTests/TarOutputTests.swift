import Diagnostics
import Outputs
import POSIX
import StoreFixtures
import Tar
import Testing

@testable import ImageFormats

/// Members whose header is known only after their data.
@Suite struct TarOutputTests {
  /// A header that claims a size other than that of the data, so that the test needs no 8 GiB.
  private func written(claimed size: UInt64, data: [UInt8]) throws -> [UInt8] {
    let folder = try TemporaryDirectory()
    let output = try OutputTarget(path: Path(folder.at("archive"))).openArchive()
    let tar = TarOutput(output)
    try tar.write(TarHeader(name: "before", kind: .file(size: 3), mode: 0o644), [1, 2, 3])
    try tar.beginWithoutHeader()
    for start in stride(from: 0, to: data.count, by: 700) {
      try data[start..<min(start + 700, data.count)].withUnsafeBytes { try tar.put($0) }
    }
    try tar.end(as: TarHeader(name: "layer", kind: .file(size: size), mode: 0o644))
    try tar.write(TarHeader(name: "after", kind: .file(size: 1), mode: 0o644), [9])
    try tar.finish()
    _ = try output.finish()
    return try folder.read("archive")
  }

  @Test(arguments: [0, 1, 511, 512, 513, 3 << 20])
  func theDataMovesForALargeHeader(count: Int) throws {
    let data = deterministicBytes(count, seed: 4)
    for size in [UInt64(count), TarHeader.largestOctalSize, TarHeader.largestOctalSize + 1, 10 << 30] {
      let header = TarHeader(name: "layer", kind: .file(size: size), mode: 0o644)
      let bytes = try written(claimed: size, data: data)
      var expected = TarHeader(name: "before", kind: .file(size: 3), mode: 0o644).bytes
      expected += [1, 2, 3] + [UInt8](repeating: 0, count: 509)
      expected += header.bytes + data + [UInt8](repeating: 0, count: header.padding)
      expected += TarHeader(name: "after", kind: .file(size: 1), mode: 0o644).bytes
      expected += [9] + [UInt8](repeating: 0, count: 511 + 1024)
      #expect(bytes == expected, "\(size)")
      #expect(header.bytes.count == (size > TarHeader.largestOctalSize ? 1536 : 512))
    }
  }
}
