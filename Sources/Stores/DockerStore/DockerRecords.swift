import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageRecord
import ImageReference
import JSON
import POSIX

/// Makes records of images of Docker's store.
final class DockerRecords {
  private let location: DockerLocation
  private let chains: DockerChains
  /// Opened on first use.
  private lazy var registry = RegistryDigests(location)

  init(in location: DockerLocation) {
    self.location = location
    chains = DockerChains(in: location)
  }

  /// The record of an image; `tags` are its tags, the first is its name unless it was found by a digest.
  func record(
    of found: DockerSnapshot.Found, input: String, tags: [String], names: [ImageReference]
  ) throws(Failure) -> ImageRecord {
    let config = try self.config(of: found.id)
    let layers = try chains.layers(of: diffIDs(ofConfig: config, found.id))
    let manifest = try Manifest.generated(config: config, layers: layers.map(\.layer))
    var others = try ImageRecord.details(
      match: found.match.rawValue, names: names.map(\.description), created: nil,
      facts: ConfigFacts(config: config))
    if let target = registry?.target(of: found.id) { others.append(try RecordMember(target: target)) }
    return ImageRecord(
      input: input, name: found.name?.description ?? tags.first, tags: tags, id: found.id.hex,
      manifest: manifest.blob, config: Blob(mediaType: .dockerConfig, bytes: config),
      layers: try layers.map { chainID, layer throws(Failure) in
        RecordLayer(
          mediaType: .dockerLayer, layer: layer, locator: try object { $0.member("layer", chainID.hex) })
      },
      storage: try storage(), others: others)
  }

  /// The config of an image, byte for byte.
  func config(of id: Digest) throws(Failure) -> [UInt8] {
    let path = location.config(of: id)
    let bytes: [UInt8]
    do {
      bytes = try path.contents(limit: Manifest.maximumSize)
    } catch {
      guard !error.isNotFound else {
        throw Failure(.notFound, "image \(id.hex.prefix(12))", "its config is not in the store")
      }
      if case .system(let error) = error { throw error.dockerFailure(at: path) }
      throw error.failure
    }
    guard SHA256.digest(of: bytes) == id else {
      throw Failure(.badData, path.description, "data does not match the digest")
    }
    return bytes
  }

  private func storage() throws(Failure) -> RecordStorage {
    guard let root = String(validating: location.root.bytes, as: UTF8.self) else {
      throw Failure(.unavailable, location.root.description, "the path of a store must be UTF-8")
    }
    return RecordStorage(
      kind: DockerStore.kind,
      members: try object { json in
        json.member("kind", DockerStore.kind)
        json.member("root", root)
        json.member("driver", location.driver.rawValue)
      })
  }
}

/// The JSON object that a closure writes.
private func object(_ write: (inout JSONWriter) -> Void) throws(Failure) -> RecordObject {
  do {
    return try RecordObject(write)
  } catch {
    throw Failure(.internalError, "storage", "\(error)")
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ key: String, _ value: String) {
    self.key(key)
    string(value)
  }
}
