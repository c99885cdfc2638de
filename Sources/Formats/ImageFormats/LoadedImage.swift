import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource

/// A program that loads outputs, and that shows images by other digests than the next.
public enum Loader: String, Sendable {
  /// podman, buildah and CRI-O.
  case podman
  /// Docker with a graph driver.
  case docker
  /// Docker with the image store of containerd.
  case dockerWithContainerd = "docker-containerd"
  /// containerd: ctr, nerdctl and Kubernetes.
  case containerd
}

/// What a loader shows for an image of an output.
///
/// Known by experiment with podman 4.3 and 5.8, Docker 20.10 and 28.5, containerd 1.6 and 2.1.
public struct LoadedImage: Sendable {
  /// The program.
  public let loader: Loader
  /// The ID of the image; nil if the loader shows none.
  public let id: Digest?
  /// The digest of the manifest; nil if the loader shows none.
  public let digest: Digest?
}

extension [LoadedImage] {
  /// An image of an OCI layout in podman.
  static func podman(_ image: FormatImage, _ manifest: Blob) -> [LoadedImage] {
    [LoadedImage(loader: .podman, id: image.config.digest, digest: manifest.digest)]
  }

  /// An image of a `manifest.json` in podman, which makes a manifest of its own.
  static func podmanFromArchive(_ image: FormatImage) -> [LoadedImage] {
    let manifest = try? Manifest.generated(config: image.config.bytes, layers: image.layers.map(\.layer))
    return [LoadedImage(loader: .podman, id: image.config.digest, digest: manifest?.blob.digest)]
  }

  /// An image of a `manifest.json` in Docker with a graph driver.
  static func docker(_ image: FormatImage) -> [LoadedImage] {
    [LoadedImage(loader: .docker, id: image.config.digest, digest: nil)]
  }

  /// An image with this manifest in containerd's store.
  static func containerd(_ manifest: Digest?) -> [LoadedImage] {
    guard let manifest else { return [] }
    return [
      LoadedImage(loader: .dockerWithContainerd, id: manifest, digest: manifest),
      LoadedImage(loader: .containerd, id: nil, digest: manifest),
    ]
  }
}
