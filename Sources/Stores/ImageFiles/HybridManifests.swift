import Diagnostics
import Digests
import ImageManifest
import ImageModel
import POSIX

/// The OCI manifests of an archive that is both a docker-archive and an OCI layout.
///
/// Docker since version 25 writes such archives. Docker 25.0.0 left out the layers of their manifests; those are
/// not used (moby issue 47065).
final class HybridManifests: Sendable {
  private let files: any NamedFiles
  private let found = Lock<[Digest: Manifest]?>(nil)

  /// The most bytes of manifests to read.
  private let maximumBytes: Int

  init(_ files: any NamedFiles, maximumBytes: Int = 32 << 20) {
    self.files = files
    self.maximumBytes = maximumBytes
  }

  /// The image of the manifest with this config; nil if there is none, or if it does not fit the archive.
  ///
  /// - Throws: A fault of the system only: without such a manifest, the archive is a plain docker-archive.
  func image(ofConfig digest: Digest) throws(Failure) -> StoredImage? {
    guard let manifest = try manifests()[digest] else { return nil }
    return try ifAvailable { () throws(Failure) in try BlobFiles.layout(files).image(of: manifest) }
  }

  private func manifests() throws(Failure) -> [Digest: Manifest] {
    if let known = found.withLock({ $0 }) { return known }
    let result = try ifAvailable { () throws(Failure) in try read() } ?? [:]
    found.withLock { $0 = result }
    return result
  }

  private func read() throws(Failure) -> [Digest: Manifest] {
    var result: [Digest: Manifest] = [:]
    guard let bytes = try files.contents(of: "index.json", limit: FileLimit.document) else { return result }
    var reading = Reading(bytesLeft: maximumBytes)
    try add(bytes, depth: 0, to: &result, &reading)
    return result
  }

  /// What was read of an archive.
  private struct Reading {
    var digests: Set<Digest> = []
    var bytesLeft: Int
  }

  private func add(
    _ index: [UInt8], depth: Int, to result: inout [Digest: Manifest], _ reading: inout Reading
  ) throws(Failure) {
    let blobs = BlobFiles.layout(files)
    for entry in try ManifestList.entries(parsing: index) where !entry.isAttestation {
      guard reading.digests.insert(entry.digest).inserted,
        let bytes = try ifAvailable({ () throws(Failure) in try blobs.manifest(entry) })
      else { continue }
      reading.bytesLeft -= bytes.count
      guard reading.bytesLeft >= 0 else { return }
      if isManifestList(bytes) {
        if depth < IndexImages.maximumDepth { try add(bytes, depth: depth + 1, to: &result, &reading) }
      } else if let manifest = try? Manifest(parsing: bytes), let config = manifest.config,
        result[config.digest] == nil
      {
        result[config.digest] = manifest
      }
    }
  }
}
