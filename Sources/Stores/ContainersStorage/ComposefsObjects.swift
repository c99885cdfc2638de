import Diagnostics
import Digests
import JSON
import POSIX

/// The files of a composefs layer, whose directory `diff` holds objects named after their digests.
///
/// The table of contents of the pulled zstd:chunked archive maps files to objects; the store keeps it in the
/// layer's data. The EROFS image need not be read.
/// Source: containers/storage pkg/chunked/storage_linux.go, makeEntriesFlat.
struct ComposefsObjects: Sendable {
  private let digests: [[UInt8]: Digest]

  /// Reads the table of contents of a layer.
  init(of id: StorageID, in location: StoreLocation) throws(Failure) {
    let dataPath = try location.bigData("zstd-chunked-layer-data", ofLayer: id)
    let data = try ComposefsObjects.contents(of: dataPath, limit: 1 << 20)
    do {
      guard try JSONValue(parsing: data)["format"]?.int64 == 1 else {
        throw Failure(
          .badData, dataPath.description, "composefs layer of an unknown format (only 1 is supported)")
      }
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.badData, dataPath.description, "\(error)")
    }
    let tablePath = try location.bigData("zstd-chunked-manifest", ofLayer: id)
    let table = try ComposefsObjects.contents(of: tablePath, limit: TableOfContents.sizeLimit)
    do {
      digests = try TableOfContents(parsing: table).files
    } catch {
      throw Failure(.badData, tablePath.description, "table of contents: \(error.reason)")
    }
  }

  /// The object of a file by its cleaned name, relative to `diff`; nil if the layer has no such file.
  func path(of name: [UInt8]) -> Path? {
    guard let hex = digests[name]?.hex else { return nil }
    return Path("\(hex.prefix(2))/\(hex.dropFirst(2))")
  }

  private static func contents(of path: Path, limit: Int) throws(Failure) -> [UInt8] {
    do {
      return try path.contents(limit: limit)
    } catch {
      guard error.isNotFound else { throw error.failure }
      throw Failure(.badData, path.description, "missing, but needed for the files of a composefs layer")
    }
  }
}

extension StoreLocation {
  /// The file of a layer's data item in the first root that has it.
  func bigData(_ name: String, ofLayer id: StorageID) throws(Failure) -> Path {
    let file = Path(id.description).appending(fileName(ofBigData: name))
    let paths = layerRoots.map { layers(in: $0).appending(file) }
    return try paths.firstPresent() ?? paths[0]
  }
}
