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
