import Diagnostics
import Digests
import ImageManifest
import ImageModel

/// The docker-dir format: a directory with a Docker manifest and its blobs, named by their digests.
///
/// Source: containers/image, directory (the `dir:` transport).
public struct DockerDirectory: ImageFormat {
  /// The format.
  public init() {}

  /// `docker-dir`.
  public var name: String { "docker-dir" }
  /// Docker manifests.
  public var family: ManifestFamily? { .docker }
  /// A new directory.
  public var container: Container { .directory(markers: []) }
  /// One image.
  public var severalImages: SeveralImages { .never }
  /// No names.
  public var holdsNames: Bool { false }
  /// Plain layers by default.
  public var compression: FormatCompression { .onRequest }

  /// The contents of the file `version`.
  private static let version = Array("Directory Transport Version: 1.1\n".utf8)

  /// Layers, config, version and manifest, which completes the directory.
  public func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    guard let image = images.first else { return [] }
    var entries = images.writtenLayers.map { Entry.layer($0, named: \.hex) }
    entries.append(.file(image.config.digest.hex, image.config.bytes))
    entries.append(.file("version", DockerDirectory.version))
    entries.append(
      .deferred(name: "manifest.json") { written throws(Failure) in
        let manifest = try rewrittenManifest(of: image, layers: written.layers(of: image))
        return ("manifest.json", manifest.bytes)
      })
    return entries
  }

  /// The image's manifest with the written layers.
  public func manifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob? {
    try rewrittenManifest(of: image, layers: layers)
  }

  /// podman reads directories, the others do not.
  public func loads(_ image: FormatImage, _ manifest: Blob?, isAlone: Bool) -> [LoadedImage] {
    manifest.map { .podman(image, $0) } ?? []
  }
}

/// The manifest of an image with the written layers in place of its own.
func rewrittenManifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob {
  try Manifest(parsing: image.manifest.bytes).replacingLayers(layers)
}
