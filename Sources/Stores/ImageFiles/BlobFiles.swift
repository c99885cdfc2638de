import Base64
import Compression
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON

/// Blobs in files that are named after their digests.
struct BlobFiles: Sendable {
  let files: any NamedFiles
  /// The file of a blob.
  let path: @Sendable (Digest) -> String
  /// The file of a manifest in a list.
  let manifestPath: @Sendable (Digest) -> String
  /// The failure of a blob that is not there, by its name in messages; nil for the usual one.
  var missing: (@Sendable (String) -> Failure)?

  /// The blobs of an OCI layout.
  static func layout(_ files: any NamedFiles) -> BlobFiles {
    let path: @Sendable (Digest) -> String = { "blobs/sha256/\($0.hex)" }
    return BlobFiles(files: files, path: path, manifestPath: path)
  }

  /// The blobs of a `dir:` directory.
  static func directory(_ files: any NamedFiles) -> BlobFiles {
    BlobFiles(files: files, path: { $0.hex }, manifestPath: { "\($0.hex).manifest.json" })
  }

  /// The bytes of an index or a manifest in a list; digest and size are checked.
  func manifest(_ descriptor: Descriptor) throws(Failure) -> [UInt8] {
    try document(descriptor, manifestPath(descriptor.digest), "manifest")
  }

  /// Whether an index or a manifest is there.
  func hasManifest(_ descriptor: Descriptor) throws(Failure) -> Bool {
    if !descriptor.data.isEmpty { return true }
    return try files.find(manifestPath(descriptor.digest)) != nil
  }

  /// The bytes of a file or, without one, those in the descriptor.
  private func document(_ descriptor: Descriptor, _ path: String, _ what: String) throws(Failure) -> [UInt8] {
    let subject = "\(what) \(descriptor.digest)"
    guard descriptor.size <= UInt64(FileLimit.document) else {
      throw Failure(.badData, subject, "longer than \(FileLimit.document) bytes")
    }
    let bytes: [UInt8]
    if let file = try files.find(path) {
      guard file.size == descriptor.size else { throw descriptor.wrongSize(subject, file.size) }
      bytes = try file.contents(limit: FileLimit.document)
    } else {
      guard !descriptor.data.isEmpty, let data = base64Decoded(descriptor.data.utf8) else {
        throw absent(subject)
      }
      guard UInt64(data.count) == descriptor.size else {
        throw descriptor.wrongSize(subject, UInt64(data.count))
      }
      bytes = data
    }
    guard SHA256.digest(of: bytes) == descriptor.digest else {
      throw Failure(.badData, subject, "data does not match the digest")
    }
    return bytes
  }

  /// The failure of a blob that is not there.
  func absent(_ subject: String) -> Failure {
    missing?(subject) ?? Failure(.badData, subject, "\(files.name) does not have it")
  }

  /// The image of a manifest; checks config and sizes, and that the layers are there.
  func image(of manifest: Manifest) throws(Failure) -> StoredImage {
    guard let descriptor = manifest.config else {
      throw Failure(.unavailable, "", "manifests of Docker's schema 1 are not supported here")
    }
    let bytes = try document(descriptor, path(descriptor.digest), "config")
    let config = Blob(mediaType: descriptor.mediaType, bytes: bytes)
    let diffIDs = try ConfigLayers(of: config).diffIDs
    guard diffIDs.count == manifest.layers.count else {
      throw Failure(
        .badData, "", "\(manifest.layers.count) layers in the manifest, \(diffIDs.count) in the config")
    }
    let layers = try zip(manifest.layers, diffIDs).map { layer, diffID throws(Failure) in
      try blob(of: layer, diffID)
    }
    return StoredImage(manifest: manifest, config: config, layers: layers)
  }

  /// Whether config and layers of a manifest are there, whatever they are.
  func hasParts(of manifest: Manifest) throws(Failure) -> Bool {
    guard let config = manifest.config else { return true }
    if config.data.isEmpty, try files.find(path(config.digest)) == nil { return false }
    for layer in manifest.layers where try files.find(path(layer.digest)) == nil { return false }
    return true
  }

  /// Whether a descriptor is that of a manifest of something else than an image, such as a signature.
  func isOther(_ descriptor: Descriptor) -> Bool {
    guard let bytes = try? manifest(descriptor), !isManifestList(bytes),
      let manifest = try? Manifest(parsing: bytes), let config = manifest.config
    else { return false }
    return ![.ociConfig, .dockerConfig].contains(config.mediaType) && (try? image(of: manifest)) == nil
  }

  private func blob(of layer: Descriptor, _ diffID: Digest) throws(Failure) -> StoredBlob {
    let subject = "layer \(layer.digest)"
    guard let file = try files.find(path(layer.digest)) else {
      throw absent(subject)
    }
    guard file.size == layer.size else { throw layer.wrongSize(subject, file.size) }
    let isPlain = CompressionFormat(startingWith: try file.start(CompressionFormat.magicSize)) == nil
    if isPlain, layer.digest != diffID { throw Failure(.badData, subject, "the config names \(diffID)") }
    return StoredBlob(
      layer: Layer(
        diffID: diffID, size: isPlain ? layer.size : nil,
        blob: BlobDescriptor(mediaType: layer.mediaType, digest: layer.digest, size: layer.size)),
      file: file)
  }
}

extension Descriptor {
  fileprivate func wrongSize(_ subject: String, _ actual: UInt64) -> Failure {
    Failure(.badData, subject, "\(size) bytes were expected, it has \(actual)")
  }
}

/// The layers that a config names.
struct ConfigLayers {
  /// The digests of the uncompressed layers, base first.
  let diffIDs: [Digest]

  /// Reads `rootfs.diff_ids`.
  ///
  /// - Throws: A failure of the kind `badData` for a config of something that is no image, and other digests than
  ///   SHA-256.
  init(of config: Blob) throws(Failure) {
    let value = try? JSONValue(parsing: config.bytes, rules: .lenient)
    let field = value?.field("rootfs")?.field("diff_ids")
    guard let field, field.kind == .array else {
      guard config.mediaType == .ociConfig || config.mediaType == .dockerConfig, value?.kind == .object,
        field?.isNull ?? true
      else {
        throw Failure(.badData, "", "not a container image: its config is of the type \(config.mediaType)")
      }
      diffIDs = []
      return
    }
    let digests = field.elements.map { $0.string.flatMap { Digest($0) } }
    diffIDs = digests.compactMap(\.self)
    guard diffIDs.count == digests.count else {
      throw Failure(.badData, "config \(config.digest)", "a diffID is not a sha256 digest")
    }
  }
}
