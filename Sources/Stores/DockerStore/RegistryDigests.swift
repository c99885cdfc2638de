import Bolt
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON
import POSIX

/// The manifests under which images were pulled, as far as Docker keeps them: in the store of its containerd, held by
/// a lease for each image.
///
/// The layers' compressed bytes are gone, so this is information only.
/// Source: moby, daemon/images/store.go.
struct RegistryDigests {
  private let database: BoltDatabase
  private let root: Path
  private let namespace: String

  /// Opens the store of the containerd that the daemon with a data root uses; nil if there is none to read.
  init?(_ location: DockerLocation) {
    // With userns-remap, the root is a folder of the data root.
    let data = isRemapFolder(location.root.lastComponent) ? location.root.parent : location.root
    for root in containerdRoots(ofData: data) {
      if let database = RegistryDigests.database(root) {
        self.database = database
        self.root = root
        namespace = "moby"
        return
      }
    }
    return nil
  }

  /// The database of a containerd; nil if it cannot be read.
  static func database(_ root: Path) -> BoltDatabase? {
    try? BoltDatabase(root.appending("io.containerd.metadata.v1.bolt/meta.db"))
  }

  /// The index or manifest that was asked for when an image was pulled; nil if unknown.
  ///
  /// An index comes before the manifest that was chosen from it.
  func target(of image: Digest) -> BlobDescriptor? {
    let lease = "moby-image-\(image)"
    var found: [BlobDescriptor] = []
    try? database.read { root throws(Failure) in
      found = []
      let content = try root.bucket("v1")?.bucket(namespace)?.bucket("leases")?.bucket(lease)?.bucket("content")
      try content?.visit { key, _ throws(Failure) in
        if let digest = Digest(utf8: key), let descriptor = descriptor(of: digest) { found.append(descriptor) }
      }
    }
    return found.first { $0.mediaType == .ociIndex || $0.mediaType == .dockerManifestList } ?? found.first
  }

  private func descriptor(of digest: Digest) -> BlobDescriptor? {
    let path = root.appending("io.containerd.content.v1.content/blobs/sha256/\(digest.hex)")
    guard let bytes = try? path.contents(limit: Manifest.maximumSize), SHA256.digest(of: bytes) == digest,
      let value = try? JSONValue(parsing: bytes, rules: .lenient)
    else { return nil }
    let type =
      value["mediaType"]?.string.map { MediaType($0) } ?? (isManifestList(bytes) ? .ociIndex : .ociManifest)
    return BlobDescriptor(mediaType: type, digest: digest, size: UInt64(bytes.count))
  }
}

/// Whether a name is that of the folder of a remapped user, `UID.GID`.
func isRemapFolder(_ name: Path) -> Bool {
  let parts = name.bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
}

/// The roots that the containerd of a daemon with this data root may have.
///
/// The daemon starts a containerd of its own, unless one of the system runs already.
/// Source: moby, daemon/command/daemon.go.
func containerdRoots(ofData root: Path) -> [Path] {
  let own = root.appending("containerd/daemon")
  return root == "/var/lib/docker" ? [own, "/var/lib/containerd"] : [own]
}
