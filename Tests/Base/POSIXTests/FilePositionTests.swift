import Diagnostics
import Glibc
import POSIX
import StoreFixtures
import Testing

@Suite struct FilePositionTests {
  @Test func skippingEndsWithTheFile() throws {
    let folder = try TemporaryDirectory()
    try folder.write(Array("0123456789".utf8), to: "file")
    let file = try FileDescriptor.open(Path(folder.at("file")), O_RDONLY)
    #expect(try file.skip(0, "file") == 0)
    #expect(try file.skip(4, "file") == 4)
    var next = [UInt8](repeating: 0, count: 1)
    #expect(
      try next.withMutableBytes { buffer throws(SystemError) in try file.read(into: buffer, "file") } == 1)
    #expect(next == Array("4".utf8))
    #expect(try file.skip(6, "file") == 5)
    #expect(try file.skip(.max, "file") == 0)
  }

  @Test func nothingIsSkippedBehindTheEnd() throws {
    let folder = try TemporaryDirectory()
    try folder.write("0123", to: "file")
    let file = try FileDescriptor.open(Path(folder.at("file")), O_RDONLY)
    #expect(lseek(file.number, 9, SEEK_SET) == 9)
    #expect(try file.skip(1, "file") == 0)
    #expect(lseek(file.number, 0, SEEK_CUR) == 9)
  }

  @Test func aPipeCannotSkip() throws {
    var ends: [CInt] = [0, 0]
    #expect(pipe(&ends) == 0)
    let reading = FileDescriptor(owning: ends[0])
    _ = FileDescriptor(owning: ends[1])
    #expect(throws: SystemError.self) { try reading.skip(1, "pipe") }
  }
}
