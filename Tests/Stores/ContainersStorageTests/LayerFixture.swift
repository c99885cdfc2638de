import ContainersStorage
import Diagnostics
import Digests
import Foundation
import ImageSource
import POSIX
import StoreFixtures
import Testing

/// Reads a whole layer in pieces of `bufferSize` bytes.
func readLayer(_ id: StorageID, in location: StoreLocation, bufferSize: Int = 1 << 16) throws(Failure)
  -> [UInt8]
{
  let reader = try StoredLayer(id, in: location).open()
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 1)
  defer { buffer.deallocate() }
  var result: [UInt8] = []
  while true {
    let piece = try reader.next(into: buffer)
    let count = piece.count
    _ = try piece.load?(buffer)
    result += buffer[..<count]
    if count < bufferSize { return result }
  }
}

/// A layer with records and files written by a test, in an overlay store without layer records.
struct LayerFixture {
  let folder: TemporaryDirectory
  let id: StorageID
  var location: StoreLocation { StoreLocation(root: Path(folder.path), driver: .overlay) }

  /// Creates an empty layer.
  init() throws {
    folder = try TemporaryDirectory()
    id = try #require(StorageID(String(repeating: "5a", count: 32)))
    try folder.makeDirectory("overlay-layers")
    try folder.makeDirectory("overlay/\(id)/diff")
  }

  /// The path of a file of the layer, relative to the store.
  func file(_ name: String) -> String { "overlay/\(id)/diff/\(name)" }

  /// Writes tar-split records of a text.
  func write(records: String) throws {
    try write(compressed: gzipped(Array(records.utf8)))
  }

  /// Writes the compressed tar-split file.
  func write(compressed: [UInt8]) throws {
    try folder.write(compressed, to: "overlay-layers/\(id).tar-split.gz")
  }

  /// The bytes of the layer.
  func read() throws(Failure) -> [UInt8] { try readLayer(id, in: location) }
}

/// A segment record as Go writes it.
func segment(_ bytes: [UInt8], position: Int = 0) -> String {
  #"{"type":2,"payload":"\#(Data(bytes).base64EncodedString())","position":\#(position)}"# + "\n"
}

/// A segment record of a text.
func segment(_ text: String) -> String { segment(Array(text.utf8)) }

/// The record of a file of six bytes with the checksum of `hello\n`.
func file(_ name: String) -> String {
  #"{"type":1,"name":\#(quoted(name)),"size":6,"payload":"YUw+7uLYEAA=","position":1}"# + "\n"
}

extension StoreBuilder {
  /// The location of the store, for the library.
  var location: StoreLocation {
    StoreLocation(root: Path(root), driver: StorageDriver(rawValue: driver.rawValue) ?? .overlay)
  }

  /// The ID of a layer by its index in the order of creation.
  func layerID(_ index: Int) throws -> StorageID {
    let text = try #require(layers[index]["id"])
    return try #require(StorageID(text.dropFirst().dropLast()))
  }
}
