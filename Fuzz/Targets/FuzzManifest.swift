import Digests
import ImageManifest
import ImageModel

/// Manifests and their conversion; the input is a manifest, a NUL and the config that it names.
///
/// Puts the config's digest and size into the manifest, since no fuzzer finds them.
public func fuzzManifest(_ bytes: [UInt8]) {
  let (text, config) = halves(bytes)
  _ = try? OCIIndex(parsing: text)
  fuzzList(text)
  fuzzWrittenList(text)
  let facts = ConfigFacts(config: config)
  _ = (facts.created, facts.platform, facts.labels)
  guard let first = try? Manifest(parsing: text) else { return }
  var manifest = first
  if let descriptor = first.config {
    let digest = SHA256.digest(of: config)
    let changed = replacing(
      "\(descriptor.digest)", with: "\(digest)",
      in: replacing("\"size\":\(descriptor.size)", with: "\"size\":\(config.count)", in: text))
    guard let named = try? Manifest(parsing: changed) else { return }
    manifest = named
  }
  let layers = (0..<min(manifest.layerCount, 1000)).map {
    Layer(diffID: SHA256.digest(of: Array("\($0)".utf8)), size: UInt64($0))
  }
  for family in [ManifestFamily.oci, .docker] {
    guard
      let converted = try? manifest.converted(
        to: family, config: manifest.config == nil ? nil : config, layers: layers)
    else { continue }
    guard let again = try? Manifest(parsing: converted.manifest.bytes) else {
      fatalError("a manifest nobody reads")
    }
    promise(again.blob == converted.manifest, "a manifest of another media type")
    promise(again.config?.digest == converted.config.digest, "a manifest with another config")
    promise(again.layerCount == layers.count, "a manifest with other layers")
    let second = try? again.converted(to: family, config: converted.config.bytes, layers: layers)
    promise(second?.manifest == converted.manifest, "a manifest that changes when it is converted again")
    let written = layers.map { WrittenLayer(digest: $0.diffID, size: $0.size ?? 0, compression: "gzip") }
    _ = try? again.replacingLayers(written)
  }
}

/// All functions agree that a list is one, and it chooses one of its own instances.
private func fuzzList(_ text: [UInt8]) {
  guard let list = try? ManifestList(parsing: text) else { return }
  promise(isManifestList(text), "a list that is none")
  promise((try? Manifest(parsing: text)) == nil, "a list that is an image, too")
  for instance in list.instances {
    let chosen = list.instance(for: [instance.platform].compactMap { $0 })
    promise(list.instances.contains { $0.digest == chosen }, "an instance of another list")
  }
}

/// Whatever is written of a list is a list with these entries at most, and stays the same if it is written again.
private func fuzzWrittenList(_ text: [UInt8]) {
  guard let list = try? SourceList(parsing: text) else { return }
  promise(list.blob.bytes == text, "a list of other bytes")
  let instances = list.entries.enumerated().map { index, entry in
    WrittenInstance(
      instance: entry.digest,
      manifest: Blob(mediaType: index % 3 == 2 ? .dockerManifest : .ociManifest, bytes: Array("\(index)".utf8)),
      platform: index % 4 == 3 ? Platform(os: "linux", architecture: "arm", variant: "v7") : nil,
      isZstd: index % 2 == 1)
  }
  for written in [[], Array(instances.prefix(1)), instances] {
    let blob = list.listing(written)
    guard let again = try? SourceList(parsing: blob.bytes) else { fatalError("a list nobody reads") }
    promise(again.blob == blob, "a list of another media type")
    promise(again.entries.count <= list.entries.count, "a list with more entries")
    let digests = Set(written.map(\.manifest.digest))
    promise(
      blob == list.blob || again.entries.allSatisfy { digests.contains($0.digest) },
      "an entry that is not written")
    let same = again.entries.map { entry in
      WrittenInstance(
        instance: entry.digest,
        manifest: written.first { $0.manifest.digest == entry.digest }?.manifest
          ?? Blob(mediaType: entry.mediaType, bytes: []), platform: nil, isZstd: false)
    }
    if blob != list.blob {
      promise(again.listing(same) == blob, "a list that changes when it is written again")
    }
  }
  guard let first = list.entries.first, let flat = try? list.replacing([first.digest: list]) else { return }
  promise(flat.blob.mediaType == .ociIndex, "a flat list of another media type")
}

private func replacing(_ old: String, with new: String, in bytes: [UInt8]) -> [UInt8] {
  let (old, new) = (Array(old.utf8), Array(new.utf8))
  var result: [UInt8] = []
  var rest = bytes[...]
  while !rest.isEmpty {
    if rest.starts(with: old) {
      result += new
      rest = rest.dropFirst(old.count)
    } else {
      result.append(rest.removeFirst())
    }
  }
  return result
}
