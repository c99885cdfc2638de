import Diagnostics
import Digests
import ImageManifest
import ImageModel

/// Checks manifests and the files that they name, which are found by digest.
struct ManifestChecks {
  /// The most levels of lists in lists.
  private static let levelLimit = 8

  /// An image of a manifest.
  struct Image {
    /// The digest of the manifest.
    let manifest: Digest
    /// The digest of the config.
    let config: Digest
    /// The digests of the layers, base first.
    let layers: [Digest]
  }

  /// What was found.
  private(set) var findings = Findings()
  private let find: (Digest) -> FileFacts?
  private let isPresent: (Digest) -> Bool
  /// The images below each manifest and list that was checked; empty while it is checked.
  private var known: [Digest: [Image]] = [:]

  /// Checks files that a function finds; those of layers may be missing if the receiver has them.
  init(find: @escaping (Digest) -> FileFacts?, isPresent: @escaping (Digest) -> Bool) {
    self.find = find
    self.isPresent = isPresent
  }

  /// Checks the manifest or the list of a descriptor, and everything below.
  ///
  /// - Parameters:
  ///   - descriptor: What another file says about the manifest.
  ///   - names: The names of the image, for reports.
  ///   - title: The name of the image for messages.
  /// - Returns: The images.
  mutating func check(
    _ descriptor: Descriptor, names: [String], title: String, level: Int = 0
  ) -> [Image] {
    if let images = known[descriptor.digest] { return images }
    known[descriptor.digest] = []
    guard descriptor.mediaType.isList || [.ociManifest, .dockerManifest].contains(descriptor.mediaType) else {
      findings.add(
        Fault(
          .mediaType, image: title, "manifest \(descriptor.digest): unknown media type \(descriptor.mediaType)",
          found: descriptor.mediaType.description))
      return []
    }
    guard let file = file(of: descriptor, "manifest", title), let bytes = text(of: file, title) else {
      return []
    }
    var images: [Image] = []
    if descriptor.mediaType.isList {
      images = checkList(bytes, file, names: names, title: title, level: level)
    } else {
      let isAttestation = descriptor.annotations.contains { $0.key == "vnd.docker.reference.type" }
      images = check(
        bytes, file, as: descriptor.mediaType, names: names, title: title, isArtifact: isAttestation)
    }
    known[descriptor.digest] = images
    return images
  }

  private mutating func checkList(
    _ bytes: [UInt8], _ file: FileFacts, names: [String], title: String, level: Int
  ) -> [Image] {
    guard level < ManifestChecks.levelLimit else {
      findings.add(Fault(.layout, image: title, member: file.title, "\(file.title): too many lists in lists"))
      return []
    }
    do {
      var images: [Image] = []
      var seen: Set<Digest> = []
      for manifest in try listedManifests(parsing: bytes) where seen.insert(manifest.digest).inserted {
        images += check(manifest, names: names, title: title, level: level + 1)
      }
      return images
    } catch {
      findings.add(Fault(.json, image: title, member: file.title, "\(file.title): \(error.reason)"))
      return []
    }
  }

  /// Checks a manifest and the files that it names.
  mutating func check(
    _ bytes: [UInt8], _ file: FileFacts, as type: MediaType?, names: [String], title: String,
    isArtifact: Bool = false
  ) -> [Image] {
    let manifest: Manifest
    do {
      manifest = try Manifest(parsing: bytes)
    } catch {
      findings.add(Fault(.json, image: title, member: file.title, "\(file.title): \(error.reason)"))
      return []
    }
    guard let config = manifest.config else {
      findings.add(
        Fault(.layout, image: title, member: file.title, "\(file.title): a manifest without a config"))
      return []
    }
    if let type, manifest.blob.mediaType != type {
      findings.add(
        Fault(
          .mediaType, image: title, member: file.title,
          "\(file.title): the manifest is \(manifest.blob.mediaType), not \(type)", expected: type.description,
          found: manifest.blob.mediaType.description))
    }
    let configFile = self.file(of: config, "config", title)
    // Anything but an image may have layers of any type.
    guard config.mediaType.isImageConfig, !isArtifact else {
      for (index, layer) in manifest.layers.enumerated() {
        _ = self.file(of: layer, "layer \(index + 1)", title)
      }
      return []
    }
    let facts = configFile.flatMap { self.config(of: $0, title) }
    var image = VerifiedImage(
      tags: names, config: config.digest,
      manifest: BlobDescriptor(
        mediaType: manifest.blob.mediaType, digest: manifest.blob.digest, size: UInt64(bytes.count)),
      entry: .oci)
    image.platform = facts?.facts.platform
    image.created = facts?.facts.created
    image.layers = checkLayers(manifest.layers, facts, title)
    findings.images.append(image)
    return [
      Image(manifest: manifest.blob.digest, config: config.digest, layers: manifest.layers.map(\.digest))
    ]
  }

  private mutating func checkLayers(
    _ layers: [Descriptor], _ config: ImageConfig?, _ title: String
  ) -> [VerifiedLayer] {
    var listed: [ListedLayer] = []
    for (index, layer) in layers.enumerated() {
      let file = find(layer.digest)
      if let file { checkSize(of: file, layer, "layer \(index + 1)", title) }
      if !layer.mediaType.isLayer {
        findings.add(
          Fault(
            .mediaType, image: title, member: file?.title,
            "layer \(index + 1) \(layer.digest): unknown media type \(layer.mediaType)",
            found: layer.mediaType.description))
      }
      listed.append(
        ListedLayer(
          title: layer.digest.description, member: file?.title ?? layer.digest.description, file: file,
          descriptor: BlobDescriptor(mediaType: layer.mediaType, digest: layer.digest, size: layer.size)))
    }
    return findings.check(listed, against: config, image: title, isPresent: isPresent)
  }

  /// The file of a descriptor; a missing file and another size are faults.
  private mutating func file(of descriptor: Descriptor, _ what: String, _ title: String) -> FileFacts? {
    guard let file = find(descriptor.digest) else {
      findings.add(
        Fault(
          .missing, image: title, member: descriptor.digest.description,
          "\(what) \(descriptor.digest): missing",
          expected: descriptor.digest.description))
      return nil
    }
    findings.referenced.insert(file.name)
    checkSize(of: file, descriptor, what, title)
    return file
  }

  private mutating func checkSize(of file: FileFacts, _ descriptor: Descriptor, _ what: String, _ title: String)
  {
    guard file.size != descriptor.size else { return }
    findings.add(
      Fault(
        .size, image: title, member: file.title,
        "\(what) \(descriptor.digest): has \(file.size) bytes, not \(descriptor.size)",
        expected: "\(descriptor.size)", found: "\(file.size)"))
  }

  private mutating func config(of file: FileFacts, _ title: String) -> ImageConfig? {
    findings.config(of: file, title)
  }

  private mutating func text(of file: FileFacts, _ title: String) -> [UInt8]? { findings.text(of: file, title) }
}

extension Findings {
  /// The bytes of a JSON file; adds a fault if the file is something else, or is too long.
  mutating func text(of file: FileFacts, _ image: String?) -> [UInt8]? {
    if file.text == nil {
      add(Fault(.json, image: image, member: file.title, "\(file.title): not JSON, or too long"))
    }
    return file.text
  }

  /// The config in a file; adds a fault if it cannot be read.
  mutating func config(of file: FileFacts, _ image: String) -> ImageConfig? {
    if let known = configs[file.digest] { return known }
    configs[file.digest] = .some(nil)
    guard let bytes = text(of: file, image) else { return nil }
    do {
      let config = try ImageConfig(parsing: bytes)
      configs[file.digest] = config
      return config
    } catch {
      add(Fault(.json, image: image, member: file.title, "\(file.title): \(error.reason)"))
      return nil
    }
  }
}
