import Diagnostics
import Digests
import Foundation
import KnownLayers
import POSIX
import StoreFixtures
import Testing

/// The outputs of programs on a machine that has one image of two layers.
enum ListFixture {
  /// The diffIDs of the image, base first.
  static let layers = [
    "sha256:70f41d9e71a4298b99f94f4170e0f8a46b26358ce0880ddef0b5c54291261d9c",
    "sha256:e08356142dada1670415dca8176f6abe43d6eaf54918da4bb556332f1801c0e1",
  ].compactMap { Digest($0) }

  static func url(_ name: String) -> URL { Bundle.module.bundleURL.appending(path: "Fixtures/\(name)") }

  static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }

  /// The list in a fixture.
  static func list(_ name: String) throws -> LayerList { try LayerList(at: Path(url(name).path)) }

  /// The list in a text.
  static func list(text: String) throws -> LayerList { try list(Array(text.utf8)) }

  /// The list in a file with some bytes.
  static func list(_ bytes: [UInt8]) throws -> LayerList {
    let folder = try TemporaryDirectory()
    try folder.write(bytes, to: "list")
    return try LayerList(at: Path(folder.at("list")))
  }

  /// The failure for a text, without the path.
  static func failure(text: String) -> Failure? { failure(Array(text.utf8)) }

  /// The failure for some bytes, without the path.
  static func failure(_ bytes: [UInt8]) -> Failure? {
    do {
      _ = try list(bytes)
      return nil
    } catch {
      return error as? Failure
    }
  }
}
