import Diagnostics
import Digests
import ImageModel
import ImageRecord
import ImageSource
import JSON
import POSIX

/// A source for tests: a folder with a docker manifest, a config, and blobs of layers, plain or gzipped.
struct FolderSource: LayerProvider, ImageCatalog {
  static let kind = "folder"
  private let folder: Path

  init(_ storage: RecordStorage) throws(Failure) {
    folder = Path(try storage.members.string("path"))
  }

  func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
    guard let blob = layer.layer.blob else { throw Failure(.badData, image, "a layer without a blob") }
    return .blob(FolderBlob(name: image, path: folder.appending(blob.digest.hex)))
  }

  func requests(for names: [String]?) -> [ImageRequest] { (names ?? ["only"]).map { .name($0) } }
  func text(of request: ImageRequest) -> String { "only" }
  func hasName(_ request: ImageRequest) -> Bool { true }
  func tags(ofImage id: String) -> [String] { [] }
  func completions(of prefix: String) -> [String] { [] }

  func records(for request: ImageRequest) throws(Failure) -> [ImageRecord] {
    guard request == .name("only") else { throw Failure(.notFound, text(of: request), "image not known") }
    do {
      let lines = try folder.appending("records").contents(limit: 1 << 20)
      let records = try ImageRecord.records(in: lines)
      return [records[0]]
    } catch let error as FileReadError {
      throw error.failure
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.internalError, "", "\(error)")
    }
  }
}

private struct FolderBlob: LayerSource {
  let name: String
  let path: Path

  func open() throws(Failure) -> any LayerReader {
    do {
      return SequentialReader(try FileBytes.open(path))
    } catch {
      throw error.failure
    }
  }
}
