import Compression
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageReference
import JSON
import Tar

/// The images of a docker-archive of any writer since Docker 1.10.
///
/// Source: containers/image, docker/internal/tarfile; moby, image/tarexport.
enum DockerArchiveImages {
  /// Lists the images of `manifest.json`; an item with an invalid name refuses the archive.
  static func list(_ files: any NamedFiles) throws(Failure) -> [ListedImage] {
    guard let bytes = try files.contents(of: "manifest.json", limit: FileLimit.dockerManifest) else {
      throw Failure(.badData, files.name, try reason(files))
    }
    let subject = "\(files.name)/manifest.json"
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, rules: .strict)
    } catch {
      throw Failure(.badData, subject, "malformed JSON: \(error)")
    }
    guard value.kind == .array else { throw Failure(.badData, subject, "not a list of images") }
    let hybrid = HybridManifests(files)
    var images: [ListedImage] = []
    for element in value.elements {
      do throws(Failure) {
        let item = try ManifestItem(element)
        images.append(ListedImage(item, at: images.count, in: files, hybrid))
      } catch {
        throw error.within("\(subject): image \(images.count + 1)")
      }
    }
    return images
  }

  /// Why there are no images, with the transport that may fit.
  private static func reason(_ files: any NamedFiles) throws(Failure) -> String {
    if try files.find("index.json") != nil { return "no manifest.json; it has index.json: use oci-archive:" }
    if try files.find("repositories") != nil {
      return "an archive of Docker before 1.10: load it with a newer docker, and save it again"
    }
    return "no manifest.json: not an archive of images"
  }
}

/// An item of `manifest.json`.
private struct ManifestItem: Sendable {
  let config: String
  let tags: [String]
  let layers: [String]

  /// Reads an item; completes its names by Docker's rule, by which `acme/app` is in docker.io.
  init(_ value: JSONValue) throws(Failure) {
    guard let config = value.field("Config")?.string else {
      throw Failure(.badData, "Config", "expected a name")
    }
    self.config = config
    layers = try value.texts("Layers")
    tags = try value.texts("RepoTags").map { text throws(Failure) in
      do {
        let reference = try ImageReference.parseNormalized(text)
        guard reference.digest == nil else { throw ReferenceError.invalidTag }
        return reference.taggedWithLatest.description
      } catch {
        throw Failure(.badData, "RepoTags", "\"\(text)\" is not a name with a tag")
      }
    }
  }
}

extension JSONValue {
  /// The strings of an array; none for null and a missing member.
  fileprivate func texts(_ name: String) throws(Failure) -> [String] {
    guard let member = field(name), !member.isNull else { return [] }
    let texts = member.elements.map(\.string)
    let result = texts.compactMap(\.self)
    guard member.kind == .array, result.count == texts.count else {
      throw Failure(.badData, name, "expected a list of names")
    }
    return result
  }
}

extension ListedImage {
  fileprivate init(
    _ item: ManifestItem, at position: Int, in files: any NamedFiles, _ hybrid: HybridManifests
  ) {
    self.init(
      isOther: { false }, read: { _ throws(Failure) in [try DockerArchiveImage(item, in: files).image(hybrid)] }
    )
    positions = [position]
    for tag in item.tags where !names.contains(tag) { names.append(tag) }
  }
}

/// Reads config and layers of an item of `manifest.json`.
private struct DockerArchiveImage {
  let item: ManifestItem
  let files: any NamedFiles

  init(_ item: ManifestItem, in files: any NamedFiles) {
    self.item = item
    self.files = files
  }

  /// The image, with the OCI manifest of a hybrid archive, else with a generated one.
  func image(_ hybrid: HybridManifests) throws(Failure) -> StoredImage {
    let bytes = try member(item.config, "config").contents(limit: FileLimit.document)
    let config = Blob(mediaType: .dockerConfig, bytes: bytes)
    if let named = digest(inName: item.config), named != config.digest {
      throw Failure(.badData, "config \(item.config)", "data does not match the name")
    }
    let diffIDs = try ConfigLayers(of: config).diffIDs
    guard diffIDs.count == item.layers.count else {
      throw Failure(
        .badData, "", "\(item.layers.count) layers in manifest.json, \(diffIDs.count) in the config")
    }
    if let image = try hybrid.image(ofConfig: config.digest) { return image }
    let layers = try zip(item.layers, diffIDs).map { path, diffID throws(Failure) in try layer(path, diffID) }
    let manifest = try Manifest.generated(config: bytes, layers: layers.map(\.layer))
    return StoredImage(manifest: manifest, config: config, layers: layers)
  }

  /// The digest in the name of a config: `HEX.json`, `sha256:HEX` or `blobs/sha256/HEX`; nil for other names.
  private func digest(inName name: String) -> Digest? {
    var last = name.split(separator: "/").last ?? ""
    if last.hasPrefix("sha256:") { last = last.dropFirst("sha256:".count) }
    if last.hasSuffix(".json") { last = last.dropLast(".json".count) }
    return Digest(hex: last)
  }

  private func member(_ path: String, _ what: String) throws(Failure) -> NamedFile {
    guard let name = tarName(cleaning: path.utf8),
      let file = try files.find(String(decoding: name, as: UTF8.self))
    else { throw Failure(.badData, "\(what) \(path)", "\(files.name) does not have it") }
    return file
  }

  /// A layer; a compressed one is read to find out its digest and the size of its tar.
  private func layer(_ path: String, _ diffID: Digest) throws(Failure) -> StoredBlob {
    let file = try member(path, "layer")
    let format = CompressionFormat(startingWith: try file.start(CompressionFormat.magicSize))
    guard let format else {
      let blob = BlobDescriptor(mediaType: .dockerLayer, digest: diffID, size: file.size)
      return StoredBlob(layer: Layer(diffID: diffID, size: file.size, blob: blob), file: file)
    }
    let measured = try MeasuredBlob(file, diffID)
    let type = MediaType("\(MediaType.dockerLayer).\(format.rawValue)")
    let blob = BlobDescriptor(mediaType: type, digest: measured.digest, size: file.size)
    return StoredBlob(layer: Layer(diffID: diffID, size: measured.tarSize, blob: blob), file: file)
  }
}
