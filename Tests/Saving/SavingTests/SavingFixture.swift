import ContainersStorage
import Diagnostics
import Digests
import Foundation
import ImageFormats
import ImageManifest
import ImageRecord
import ImageSource
import NameLookup
import Outputs
import POSIX
import Saving
import StoreFixtures
import Testing

/// The records of names; the only lookup of names in these tests.
func resolve(_ names: [String], in location: StoreLocation) throws -> [ImageRecord] {
  let resolver = try Resolver(location, options: LookupOptions(), onWait: { _ in })
  return try names.map { try resolver.record(for: .name($0)).converted(to: .docker) }
}

/// A save as a docker-archive to a path.
func dockerArchive(at path: String, force: Bool = false) -> SaveJob {
  var target = OutputTarget(path: Path(path))
  target.force = force
  return SaveJob(format: DockerArchive(), target: target, providers: [ContainersStore.self])
}

/// Saves records as a docker-archive and returns its bytes.
func archive(
  _ records: [ImageRecord], tags: [String] = [], in folder: TemporaryDirectory
) throws -> [UInt8] {
  let name = "archive-\(UInt64.random(in: .min ... .max))"
  let additionalTags = try tags.map { try AdditionalTag($0) }
  let selection = try SaveSelection(records, format: DockerArchive(), additionalTags: additionalTags)
  _ = try dockerArchive(at: folder.at(name)).prepare(selection).run()
  let bytes = try folder.read(name)
  try folder.remove(name)
  return bytes
}

extension StoreBuilder {
  /// The location of the store, for the library.
  var location: StoreLocation {
    StoreLocation(root: Path(root), driver: StorageDriver(rawValue: driver.rawValue) ?? .overlay)
  }
}

/// A golden store or the sample store in its own directory.
struct Fixture {
  let folder: TemporaryDirectory
  let store: StoreBuilder

  init(golden: Bool, driver: StoreBuilder.Driver = .overlay) throws {
    folder = try TemporaryDirectory()
    store =
      golden
      ? try GoldenStore.build(at: folder.at("store"), driver: driver)
      : try SampleStore.build(at: folder.at("store"), driver: driver)
  }

  /// Saves images by name and returns the archive.
  func save(_ names: [String], tags: [String] = []) throws -> [UInt8] {
    try archive(resolve(names, in: store.location), tags: tags, in: folder)
  }
}

extension ImageCatalog {
  /// The only record for a request.
  func record(for request: ImageRequest) throws(Failure) -> ImageRecord { try records(for: request)[0] }
}
