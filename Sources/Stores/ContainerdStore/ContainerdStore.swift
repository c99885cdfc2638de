import Diagnostics
import ImageFiles
import ImageRecord
import ImageSource
import JSON
import POSIX

/// The layers of records from a store of containerd: the blobs as they were published.
///
/// `storage` holds `root` and `namespace`. Blobs are found by their digests.
public struct ContainerdStore: LayerProvider {
  /// `containerd`.
  public static let kind = "containerd"

  private let folder: BlobFolder

  /// Opens the folder with the blobs of a store.
  public init(_ storage: RecordStorage) throws(Failure) {
    let location = ContainerdLocation(
      root: Path(try storage.members.string("root")), namespace: try storage.members.string("namespace"))
    try location.check()
    do {
      // The blobs of a record were there when it was made.
      folder = try ContainerdStore.folder(
        of: location, .tryAgain, "image was changed or removed while it was being read")
    } catch {
      throw error.advisingOnContainerd()
    }
  }

  /// The blob of a layer.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `tryAgain` if the layer was removed since the record was made.
  public func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
    try folder.content(of: layer, image: image)
  }

  /// The folder with the blobs; the failure of a missing one has a kind and a reason.
  static func folder(
    of location: ContainerdLocation, _ kind: Failure.Kind, _ reason: String
  ) throws(Failure) -> BlobFolder {
    do {
      return try BlobFolder(location.content) { Failure(kind, $0, reason) }
    } catch {
      throw error.kind == .notFound ? Failure(.unavailable, error.subject, error.reason) : error
    }
  }

  /// The description of a store for a record.
  static func storage(_ location: ContainerdLocation) throws(Failure) -> RecordStorage {
    guard let root = String(validating: location.root.bytes, as: UTF8.self) else {
      throw Failure(.unavailable, location.root.description, "the path of a store must be UTF-8")
    }
    return RecordStorage(
      kind: kind,
      members: try recordObject { json in
        json.key("kind")
        json.string(kind)
        json.key("root")
        json.string(root)
        json.key("namespace")
        json.string(location.namespace)
      })
  }
}

/// The JSON object that a closure writes.
func recordObject(_ write: (inout JSONWriter) -> Void) throws(Failure) -> RecordObject {
  do {
    return try RecordObject(write)
  } catch {
    throw Failure(.internalError, "storage", "\(error)")
  }
}
