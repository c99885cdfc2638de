import Diagnostics
import Digests
import ImageModel
import ImageRecord
import JSON
import POSIX
import StoreFixtures
import Testing

@testable import ImageSource

/// Bytes in memory as a layer; pieces are loaded late, as those of files.
private struct MemoryLayer: LayerSource {
  let name = "image"
  let bytes: [UInt8]

  func open() throws(Failure) -> any LayerReader { Reader(bytes) }
  func checkReadable() throws(Failure) { throw Failure(.noPermission, "blob", "closed") }
  func diagnosis() -> String? { "a blob" }

  private final class Reader: LayerReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
      rest = bytes[...]
    }

    func next(into buffer: UnsafeMutableRawBufferPointer) -> PendingPiece {
      let piece = Array(rest.prefix(buffer.count))
      rest = rest.dropFirst(piece.count)
      return PendingPiece(count: piece.count) { buffer throws(Failure) in
        buffer.copyBytes(from: piece)
        return false
      }
    }
  }
}

/// The bytes of a source, read in pieces.
private func bytes(of source: any LayerSource, pieces: Int = 1000) throws(Failure) -> [UInt8] {
  let reader = try source.open()
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieces, alignment: 1)
  defer { buffer.deallocate() }
  var result: [UInt8] = []
  while true {
    let piece = try reader.next(into: buffer)
    _ = try piece.load?(buffer)
    result += buffer[..<piece.count]
    if piece.count < buffer.count { return result }
  }
}

/// What of a layer is written: the tar, or the blob as it is stored.
@Suite struct LayerContentTests {
  private static let tar = deterministicBytes(100_000, seed: 5)
  private static let diffID = SHA256.digest(of: tar)
  private static let stored = gzipped(tar)
  private static let blob = BlobDescriptor(
    mediaType: .ociLayerGzip, digest: SHA256.digest(of: stored), size: UInt64(stored.count))

  private func layer(_ bytes: [UInt8], hasBlob: Bool = true) -> SourceLayer {
    SourceLayer(
      Layer(diffID: Self.diffID, size: nil, blob: hasBlob ? Self.blob : nil), .blob(MemoryLayer(bytes: bytes)))
  }

  @Test(arguments: [1, 999, 1000, 1001, 200_000]) func aBlobIsRead(pieces: Int) throws {
    for stored in [Self.stored, Self.tar] {
      let stream = try #require(layer(stored).stream)
      #expect(stream.digest == Self.diffID && stream.size == nil)
      #expect(try bytes(of: stream.source, pieces: pieces) == Self.tar)
    }
  }

  @Test(arguments: 0...7) func shortBlobsAreRead(count: Int) throws {
    let short = Array(Self.tar.prefix(count))
    let stream = try #require(layer(short).stream)
    #expect(try bytes(of: stream.source) == short)
  }

  /// The diagnosis and failures to open are those of the blob; those to decompress name the layer.
  @Test func theTarOfABlobIsThatOfItsSource() throws {
    let source = try #require(layer(Self.stored).stream).source
    #expect(source.name == "image" && source.diagnosis() == "a blob")
    #expect(throws: Failure(.noPermission, "blob", "closed")) { try source.checkReadable() }
    for (hasBlob, digest) in [(true, Self.blob.digest), (false, Self.diffID)] {
      let short = try #require(layer(Self.stored.dropLast(9) + [], hasBlob: hasBlob).stream)
      let failure = #expect(throws: Failure.self) { try bytes(of: short.source) }
      #expect(failure?.kind == .badData && failure?.subject == "layer \(digest)")
    }
  }

  @Test func aBlobIsPassedOnlyOnRequest() throws {
    let layer = layer(Self.stored)
    #expect(!layer.passesBlob)
    let passing = try #require(layer.passingBlob)
    #expect(passing.passesBlob)
    let stream = try #require(passing.stream)
    #expect(stream.digest == Self.blob.digest && stream.size == Self.blob.size)
    #expect(try bytes(of: stream.source) == Self.stored)
  }

  @Test func onlyBlobsCanBePassed() {
    let known = Layer(diffID: Self.diffID, size: 7, blob: Self.blob)
    #expect(layer(Self.stored, hasBlob: false).passingBlob == nil)
    let assembled = SourceLayer(known, .assembled(MemoryLayer(bytes: Self.tar)))
    #expect(assembled.passingBlob == nil && !assembled.isAbsent)
    #expect(assembled.stream?.digest == Self.diffID && assembled.stream?.size == 7)
    let absent = SourceLayer(known, .absent)
    #expect(absent.passingBlob == nil && absent.isAbsent && absent.stream == nil)
  }
}

/// Sources of layers by the kind of a record.
@Suite struct LayerProviderTests {
  private struct First: LayerProvider {
    static let kind = "first"
    init(_ storage: RecordStorage) {}
    func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
      .assembled(MemoryLayer(bytes: [1]))
    }
  }

  private struct Second: LayerProvider {
    static let kind = "second"
    init(_ storage: RecordStorage) {}
    func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
      .blob(MemoryLayer(bytes: [2]))
    }
  }

  private func record(_ kind: String, _ members: [(String, String)], isAbsent: Bool = false) throws
    -> ImageRecord
  {
    func object(_ members: [(String, String)]) throws -> RecordObject {
      try RecordObject { json in
        for (key, value) in members {
          json.key(key)
          json.string(value)
        }
      }
    }
    let layer = Layer(diffID: SHA256.digest(of: []), size: 0)
    return ImageRecord(
      input: "name", name: nil, tags: [], id: String(repeating: "0", count: 64),
      manifest: Blob(mediaType: .ociManifest, bytes: []), config: nil,
      layers: [
        RecordLayer(mediaType: .ociLayer, layer: layer, isAbsent: isAbsent, locator: try object([]))
      ], storage: RecordStorage(kind: kind, members: try object(members)))
  }

  /// Records of other kinds need no places that are known here, and hide none.
  @Test func placesAreThoseOfAllRecords() throws {
    let records = [
      try record("other", [("root", "/other")]), try record("second", [("path", "/b")]),
      try record("first", [("root", "/a"), ("path", "/c")]), try record("first", [("root", "/a")]),
      try record("first", []),
    ]
    let places = try records.places(of: [First.self, Second.self])
    #expect(places.map(\.description).sorted() == ["/a", "/b", "/c"])
  }

  @Test func theKindSelectsTheProvider() throws {
    for (kind, byte) in [("first", UInt8(1)), ("second", 2)] {
      let layers = try record(kind, []).sourceLayers(from: [First.self, Second.self])
      #expect(layers.count == 1)
      #expect(try bytes(of: try #require(layers[0].stream).source) == [byte])
    }
    let absent = try record("first", [], isAbsent: true).sourceLayers(from: [First.self])
    #expect(absent.map(\.isAbsent) == [true])
    #expect(throws: Failure(.unavailable, "name", "images of the kind \"other\" are not supported")) {
      try record("other", []).sourceLayers(from: [First.self, Second.self])
    }
  }
}
