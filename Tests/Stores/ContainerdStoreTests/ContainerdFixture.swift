import Diagnostics
import Digests
import ImageFiles
import ImageModel
import ImageRecord
import ImageSource
import JSON
import POSIX
import StoreFixtures
import Testing

@testable import ContainerdStore

/// An unpacked store of containerd.
struct ContainerdFixture {
  let folder: TemporaryDirectory
  /// The root, relative to the folder.
  let name: String
  let namespace: String
  var root: String { folder.at(name) }
  var location: ContainerdLocation { ContainerdLocation(root: Path(root), namespace: namespace) }

  init(_ store: OtherStore = .containerd, namespace: String = "default") throws {
    folder = try TemporaryDirectory()
    _ = try store.unpacked(in: folder)
    name = store.rawValue + (store == .containerd ? "" : "/containerd/daemon")
    self.namespace = namespace
  }

  /// The images for an architecture of linux.
  func catalog(_ architecture: String = "amd64", variant: String = "", listsAll: Bool = false) throws(Failure)
    -> ContainerdCatalog
  {
    let wanted = Platform(os: "linux", architecture: architecture, variant: variant)
    return try ContainerdCatalog(
      location, listsAll: listsAll, platforms: PlatformChoice(PlatformRequest(wanted: { [wanted] })))
  }

  /// The record of an image.
  func record(_ name: String) throws(Failure) -> ImageRecord { try catalog().record(for: .name(name)) }

  /// The failure of a lookup.
  func failure(_ name: String) -> Failure? {
    do throws(Failure) {
      _ = try record(name)
      return nil
    } catch {
      return error
    }
  }

  /// A blob, relative to the folder.
  func blob(_ digest: Digest) -> String {
    "\(name)/io.containerd.content.v1.content/blobs/sha256/\(digest.hex)"
  }
}

extension ImageRecord {
  /// A member for people.
  func other(_ key: String) -> RecordMember? { others.first { $0.key == Array(key.utf8) } }

  /// The digest of the manifest or index that the name stands for.
  var target: String? { other("target")?.value["digest"]?.string }
}

/// The digest of the blob of a layer.
func digest(of content: LayerContent) throws(Failure) -> Digest {
  guard case .blob(let source) = content else { throw Failure(.other, "", "no blob") }
  let reader = try source.open()
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 1)
  defer { buffer.deallocate() }
  var hash = SHA256()
  while true {
    let piece = try reader.next(into: buffer)
    _ = try piece.load?(buffer)
    hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<piece.count]))
    if piece.count < buffer.count { return hash.digest() }
  }
}

let c1 = "1f4dda29bd6b734023c9044724fa80012bbd9a557a8341327ab725969109bc84"
let c2 = "2efbb8a5fc9373e8d3044038f45310bb7916198fc1044f9fad88db08c7bc4edf"
let index = "sha256:f6440a12804d3edbdd1d216ef22591c3a7c7bc4ef7173e0bb4c5ad9a604b5684"

extension ImageCatalog {
  /// The only record for a request.
  func record(for request: ImageRequest) throws(Failure) -> ImageRecord { try records(for: request)[0] }
}
