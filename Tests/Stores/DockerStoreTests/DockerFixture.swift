import Diagnostics
import Digests
import ImageModel
import ImageRecord
import ImageSource
import JSON
import POSIX
import StoreFixtures
import Testing

@testable import DockerStore

/// An unpacked store of Docker.
struct DockerFixture {
  let folder: TemporaryDirectory
  let root: String
  var location: DockerLocation { DockerLocation(root: Path(root), driver: .overlay2) }

  init(_ store: OtherStore = .docker20) throws {
    folder = try TemporaryDirectory()
    root = try store.unpacked(in: folder)
  }

  /// The record of an image.
  func record(_ name: String) throws -> ImageRecord {
    try DockerCatalog(location, listsAll: false).record(for: .name(name))
  }

  /// The failure of a lookup.
  func failure(_ name: String) -> Failure? {
    do throws(Failure) {
      _ = try DockerCatalog(location, listsAll: false).record(for: .name(name))
      return nil
    } catch {
      return error
    }
  }

  /// A path in the store, relative to the folder.
  func path(_ name: String) -> String { "\(OtherStore.docker20.rawValue)/\(name)" }
}

/// The digest and the size of the tar of a layer.
func tar(of layer: SourceLayer) throws(Failure) -> (digest: Digest, size: UInt64) {
  guard let stream = layer.stream else { throw Failure(.other, "", "no tar") }
  let reader = try stream.source.open()
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 1)
  defer { buffer.deallocate() }
  var hash = SHA256()
  var size: UInt64 = 0
  while true {
    let piece = try reader.next(into: buffer)
    _ = try piece.load?(buffer)
    hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<piece.count]))
    size += UInt64(piece.count)
    if piece.count < buffer.count { return (hash.digest(), size) }
  }
}

let c1 = "1f4dda29bd6b734023c9044724fa80012bbd9a557a8341327ab725969109bc84"
let c2 = "2efbb8a5fc9373e8d3044038f45310bb7916198fc1044f9fad88db08c7bc4edf"
let c3 = "67ba04385ffdee66adcf38ac61b6f8c31078f5edca5e0fa5eff4ba621255287b"

extension ImageCatalog {
  /// The only record for a request.
  func record(for request: ImageRequest) throws(Failure) -> ImageRecord { try records(for: request)[0] }
}
