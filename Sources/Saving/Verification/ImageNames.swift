import Digests
import ImageManifest
import ImageReference

/// The names of images in an archive, each of which belongs to one image.
struct ImageNames {
  private var owners: [String: Digest] = [:]

  /// Records a name of an image; adds a fault if another image has it.
  mutating func add(_ name: String, of image: Digest, to findings: inout Findings) {
    if owners.updateValue(image, forKey: name).map({ $0 != image }) ?? false {
      findings.add(Fault(.name, image: name, "two images have this name"))
    }
  }
}

/// The names of an entry of `index.json`.
struct EntryNames {
  /// The annotation in which containerd and Docker keep a full name.
  static let containerd = "io.containerd.image.name"

  /// The full name; nil if the entry has none.
  private(set) var full: String?
  /// The name as in the index: the full one, or that of `org.opencontainers.image.ref.name`.
  private(set) var shown: String?

  /// Reads the annotations of an entry; adds a fault for each invalid name.
  init(_ entry: Descriptor, findings: inout Findings) {
    let reference = entry.annotations.first { $0.key == OCIIndex.referenceName }?.value
    if let name = entry.annotations.first(where: { $0.key == EntryNames.containerd })?.value {
      shown = name
      full = canonicalName(name)
      if full == nil {
        findings.add(Fault(.name, member: "index.json", "index.json: invalid name \"\(name)\""))
      }
    }
    guard let reference else { return }
    if !ImageReference.isValidOCIReferenceName(reference) {
      findings.add(Fault(.name, member: "index.json", "index.json: invalid name \"\(reference)\""))
    }
    guard shown == nil else { return }
    shown = reference
    if reference.contains("/") || reference.contains(":") {
      full = canonicalName(reference)
    } else {
      findings.note(
        Fault(
          .name, image: reference, member: "index.json", "only a tag, which is no name for podman and Docker"))
    }
  }
}

/// A name with its registry and tag, by Docker's rules; nil if it is no name.
func canonicalName(_ text: String) -> String? { (try? ImageReference.parseDockerReference(text))?.description }
