import ContainersStorage
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource

/// Makes the records of the images of a list that the store has.
///
/// A list is an image of its own, as podman manifest create makes it, or comes with each image that was pulled from
/// it. Its images have records of their own, of which only one has the name.
struct ListRecords {
  let snapshot: StoreSnapshot
  let builder: RecordBuilder
  let choice: PlatformChoice

  /// The records of the list of an image, in the order of the list; nil for an image without a list.
  func records(of found: FoundImage, input: String) throws(Failure) -> [ImageRecord]? {
    do throws(Failure) {
      guard let list = try list(of: found) else { return nil }
      return try choice.instances(of: list) {
        entry throws(Failure) -> (image: ImageRecord, platform: Platform?)? in
        guard var record = try record(of: entry, found, input: input) else { return nil }
        record.index = RecordIndex(list: list, instance: entry.digest)
        return (record, ConfigFacts(config: record.config?.bytes ?? []).platform)
      }.map(\.image)
    } catch {
      throw error.within(input)
    }
  }

  /// The list of an image: its manifest, or the list among its further manifests that it was taken from.
  private func list(of found: FoundImage) throws(Failure) -> SourceList? {
    let image = found.image
    if let bytes = try image.bigData("manifest"), isManifestList(bytes) {
      let list = try SourceList(parsing: bytes)
      guard image.digests.isEmpty || image.digests.contains(list.blob.digest) else {
        throw Failure(.badData, "manifest list", "data does not match the digest")
      }
      return list
    }
    let digests = image.furtherManifests
    // A list that was asked for by its digest comes first.
    let asked = found.requestedManifest ?? digests.first { found.resolvedName.hasSuffix("@\($0)") }
    for digest in [asked].compactMap(\.self) + digests {
      guard let bytes = try image.bigData("manifest-\(digest)"), isManifestList(bytes) else { continue }
      let list = try SourceList(parsing: bytes)
      guard list.blob.digest == digest else {
        throw Failure(.badData, "manifest list \(digest)", "data does not match the digest")
      }
      if list.entries.contains(where: { digests.contains($0.digest) }) { return list }
    }
    return nil
  }

  /// The record of an entry, from the image that has its manifest; nil if there is none.
  private func record(
    of entry: Descriptor, _ found: FoundImage, input: String
  ) throws(Failure) -> ImageRecord? {
    let digest = Array("\(entry.digest)".utf8)
    let images = [found.image] + snapshot.images.filter { $0.hasDigest(utf8: digest) }
    for image in images where try hasManifest(entry.digest, image) {
      let instance = FoundImage(
        image: image, store: snapshot, resolvedName: found.resolvedName, match: found.match,
        list: found.list, requestedManifest: entry.digest)
      let record = try builder.build(instance, input: input, names: found.image.names)
      guard record.manifest.digest == entry.digest else {
        throw Failure(.badData, "manifest \(entry.digest)", "data does not match the digest")
      }
      return record
    }
    return nil
  }

  /// Whether an image has the manifest with a digest, under its digest or as its only one.
  private func hasManifest(_ digest: Digest, _ image: ImageEntry) throws(Failure) -> Bool {
    if image.furtherManifests.contains(digest), try image.bigData("manifest-\(digest)") != nil { return true }
    guard image.hasDigest(utf8: Array("\(digest)".utf8)), let bytes = try image.bigData("manifest") else {
      return false
    }
    return SHA256.digest(of: bytes) == digest
  }
}
