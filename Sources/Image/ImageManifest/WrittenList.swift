import Diagnostics
import Digests
import GoJSON
import ImageModel

/// An image of a list as it was written to a destination.
public struct WrittenInstance: Sendable {
  /// The digest of the manifest in the source's list.
  public let instance: Digest
  /// The manifest as written.
  public let manifest: Blob
  /// The platform after an edit; nil if it is that of the list.
  public let platform: Platform?
  /// Whether all layers were written in zstd.
  public let isZstd: Bool

  /// Describes an image of a list.
  public init(instance: Digest, manifest: Blob, platform: Platform?, isZstd: Bool) {
    self.instance = instance
    self.manifest = manifest
    self.platform = platform
    self.isZstd = isZstd
  }
}

extension SourceList {
  /// The list of what is written: these bytes if every entry goes along unchanged, else a list of these entries only.
  ///
  /// The entries keep the order, the platforms and the annotations of the list. A manifest list becomes an image index
  /// if all manifests are OCI's.
  public func listing(_ written: [WrittenInstance]) -> Blob {
    let written = Dictionary(written.map { ($0.instance, $0) }) { first, _ in first }
    if entries.allSatisfy({ entry in written[entry.digest]?.isUnchanged(entry) ?? false }) { return blob }
    if case .docker(let list) = contents,
      written.values.contains(where: { $0.manifest.mediaType != .ociManifest })
    {
      return rewritten(list, written)
    }
    var index = OCISpec.Index()
    if case .oci(let own) = contents { index = own }
    index.schemaVersion = 2
    index.mediaType = MediaType.ociIndex.description
    var seen: [OCISpec.Descriptor] = []
    for (entry, spec) in zip(entries, contents.ociEntries) {
      guard let new = written[entry.digest] else { continue }
      let spec = new.describing(spec, as: entry)
      // Two forms of an image may be written in one.
      if seen.contains(where: { $0.digest.value == spec.digest.value && $0.hasPlatform(of: spec) }) { continue }
      seen.append(spec)
    }
    index.manifests = seen
    return Blob(mediaType: .ociIndex, bytes: index.encoded)
  }

  private func rewritten(_ list: DockerSpec.ManifestList, _ written: [Digest: WrittenInstance]) -> Blob {
    var list = list
    list.schemaVersion = 2
    list.mediaType = MediaType.dockerManifestList.description
    list.manifests = zip(entries, list.manifests ?? []).compactMap { entry, spec in
      guard let new = written[entry.digest] else { return nil }
      var spec = spec
      spec.mediaType = new.manifest.mediaType.description
      spec.digest = DigestText(value: new.manifest.digest.description)
      spec.size = Int64(new.manifest.bytes.count)
      if let platform = new.platform {
        spec.platform.os = platform.os
        spec.platform.architecture = platform.architecture
        spec.platform.variant = platform.variant
      }
      return spec
    }
    return Blob(mediaType: .dockerManifestList, bytes: list.encoded)
  }
}

extension WrittenInstance {
  /// Whether the list describes the manifest as it was written.
  fileprivate func isUnchanged(_ entry: Descriptor) -> Bool {
    manifest.digest == entry.digest && UInt64(manifest.bytes.count) == entry.size
      && manifest.mediaType == entry.mediaType && platform == nil
  }

  /// The entry of a list for the manifest as written.
  fileprivate func describing(_ spec: OCISpec.Descriptor, as entry: Descriptor) -> OCISpec.Descriptor {
    var spec = spec
    if !isUnchanged(entry) {
      spec.mediaType = manifest.mediaType.description
      spec.digest = DigestText(value: manifest.digest.description)
      spec.size = Int64(manifest.bytes.count)
      spec.data = GoBytes()
      // As containers/image, which otherwise adds it in a copy, and so makes another list.
      var annotations = spec.annotations ?? [:]
      annotations[Array(zstdAnnotation.utf8)] = isZstd ? "true" : nil
      spec.annotations = annotations.isEmpty ? nil : annotations
    }
    if let platform {
      spec.platform = spec.platform ?? OCISpec.Platform()
      spec.platform?.os = platform.os
      spec.platform?.architecture = platform.architecture
      spec.platform?.variant = platform.variant
    }
    return spec
  }
}

extension OCISpec.Descriptor {
  fileprivate func hasPlatform(of other: OCISpec.Descriptor) -> Bool {
    platform?.os == other.platform?.os && platform?.architecture == other.platform?.architecture
      && platform?.variant == other.platform?.variant && platform?.osVersion == other.platform?.osVersion
  }
}
