import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageReference
import JSON

/// The images of an OCI layout.
///
/// Source: OCI image-spec v1.1, image-layout.md and annotations.md; containerd, images/annotations.go.
enum LayoutImages {
  /// Lists the images: one for each digest, with the names of all its entries.
  static func list(_ files: any NamedFiles) throws(Failure) -> [ListedImage] {
    try checkVersion(files)
    guard let bytes = try files.contents(of: "index.json", limit: FileLimit.document) else {
      throw Failure(.badData, files.name, try reason(files))
    }
    let entries: [Descriptor]
    do throws(Failure) {
      entries = try ManifestList.entries(parsing: bytes)
    } catch {
      throw Failure(error.kind, "\(files.name)/index.json", error.description)
    }
    let blobs = BlobFiles.layout(files)
    var images: [ListedImage] = []
    var known: [Digest: Int] = [:]
    for (position, entry) in entries.enumerated() where entry.mayBeImage {
      let image = ListedImage(entry, at: position, in: blobs)
      if let index = known[entry.digest] {
        images[index].merge(image)
      } else {
        known[entry.digest] = images.count
        images.append(image)
      }
    }
    return images
  }

  private static func checkVersion(_ files: any NamedFiles) throws(Failure) {
    guard let bytes = try files.contents(of: "oci-layout", limit: FileLimit.document) else { return }
    let version = (try? JSONValue(parsing: bytes, rules: .strict))?["imageLayoutVersion"]?.string
    guard let version, version.hasPrefix("1.") else {
      throw Failure(.badData, "\(files.name)/oci-layout", "the version of the layout is not 1")
    }
  }

  /// Why there is no layout, with the transport that may fit.
  private static func reason(_ files: any NamedFiles) throws(Failure) -> String {
    let isDirectory = files is DirectoryFiles
    let transport = isDirectory ? "dir:" : "docker-archive:"
    let other = try files.find("manifest.json") != nil
    return "no index.json" + (other ? "; it has manifest.json: use \(transport)" : "")
  }
}

extension ListedImage {
  fileprivate init(_ entry: Descriptor, at position: Int, in blobs: BlobFiles) {
    self.init(
      isOther: { blobs.isOther(entry) },
      read: { choice throws(Failure) in try IndexImages(blobs: blobs, choice: choice).images(entry) })
    positions = [position]
    let name = entry.annotation("io.containerd.image.name")
    let reference = entry.annotation(OCIIndex.referenceName)
    // A bare tag is no name: any image could have it.
    let full = name ?? reference.flatMap { $0.contains("/") ? $0 : nil }
    if let full, let complete = try? ImageReference.normalizedName(full), complete.tag != nil {
      names = [complete.description]
    }
    selectors = [reference, name].compactMap { $0.map { Selector(text: $0, name: names.first) } }
  }
}

extension Descriptor {
  /// Whether an entry of `index.json` can be an image: containers/image passes over unknown media types.
  fileprivate var mayBeImage: Bool {
    let types: [MediaType] = [.ociManifest, .ociIndex, .dockerManifest, .dockerManifestList]
    return (mediaType.description.isEmpty || types.contains(mediaType)) && !isAttestation
  }

  fileprivate func annotation(_ key: String) -> String? {
    annotations.last { $0.key == key }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }
}
