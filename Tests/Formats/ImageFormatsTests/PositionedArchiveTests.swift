import Diagnostics
import Digests
import ImageModel
import ImageSource
import Tar
import Testing

@testable import ImageFormats

/// The offsets of an archive whose sizes are all known: those that no file can have are refused.
@Suite struct PositionedArchiveTests {
  /// An archive of layers of some sizes, which are not read.
  private func place(_ sizes: [UInt64]) throws {
    let members = try sizes.enumerated().map { number, size in
      let layer = Layer(diffID: SHA256.digest(of: [UInt8(number)]), size: size)
      let source = SourceLayer(layer, .assembled(MemoryLayer(bytes: [], fault: nil)))
      let written = WrittenLayers(knownOf: [source], areCompressed: false, present: [:])
      return try Entry.layer(source, named: \.hex).member(written)
    }
    _ = try PositionedArchive(members, TarStyle(fileMode: 0o644))
  }

  /// From 8 GiB on, a header has three blocks.
  private static let header: UInt64 = 1536
  private static let end = UInt64(Int64.max)

  @Test(arguments: [[0], [1, 511, 512], [end - header - 1], [0, end - header - 513]])
  func sizesThatAFileCanHave(sizes: [UInt64]) throws {
    try place(sizes)
  }

  @Test(arguments: [
    [end - header], [end], [.max - header], [.max - header + 1], [.max], [0, end - header - 512],
    [end / 2, end / 2, end / 2],
  ])
  func sizesThatNoFileCanHave(sizes: [UInt64]) {
    let failure = #expect(throws: Failure.self) { try place(sizes) }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject.hasPrefix("layer sha256:") == true)
    #expect(failure?.reason == "sum of layer sizes overflows")
  }

  @Test func aMemberWithoutSizeIsAFaultOfTheProgram() throws {
    let layer = SourceLayer(Layer(diffID: SHA256.digest(of: []), size: nil), .absent)
    let member = try Entry.layer(layer, named: \.hex).member(WrittenLayers())
    let failure = #expect(throws: Failure.self) {
      try PositionedArchive([member], TarStyle(fileMode: 0o644))
    }
    #expect(failure == Failure(.internalError, "member", "size is unknown"))
  }
}
