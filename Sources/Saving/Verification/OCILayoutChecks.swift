import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON
import Tar

/// Checks an OCI image layout, in an archive or a directory.
///
/// Source: OCI image-spec v1.1, image-layout.md.
struct OCILayoutChecks {
  /// An entry of `index.json` with its images.
  struct Entry {
    /// The names of the entry.
    let names: EntryNames
    /// Whether the entry is a list.
    let isList: Bool
    /// The images of the manifest or list; none for an artifact.
    let images: [ManifestChecks.Image]
  }

  /// What was found.
  private(set) var findings = Findings()
  /// The entries of the index.
  private(set) var entries: [Entry] = []
  private let inventory: Inventory

  /// Checks a layout.
  ///
  /// - Parameters:
  ///   - inventory: All files.
  ///   - prefix: The number of layers of an image that the receiver has, so that they may be missing here.
  init(_ inventory: Inventory, prefix: @escaping ([Digest]) -> Int) {
    self.inventory = inventory
    checkMarker()
    checkBlobs()
    checkIndex(prefix)
  }

  /// Checks `oci-layout`.
  private mutating func checkMarker() {
    guard let file = inventory.regularFile("oci-layout") else {
      return findings.add(Fault(.layout, member: "oci-layout", "oci-layout: missing"))
    }
    findings.referenced.insert(file.name)
    guard let bytes = findings.text(of: file, nil) else { return }
    do {
      let value = try JSONValue(parsing: bytes, rules: .strict)
      guard value["imageLayoutVersion"]?.string != "1.0.0" else { return }
      findings.add(Fault(.layout, member: "oci-layout", "oci-layout: not version 1.0.0", expected: "1.0.0"))
    } catch {
      findings.add(Fault(.json, member: "oci-layout", "oci-layout: \(error)"))
    }
  }

  /// Compares each blob with the digest in its name.
  private mutating func checkBlobs() {
    for name in inventory.names {
      let parts = String(decoding: name, as: UTF8.self).split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == "blobs", let file = inventory.files[name] else { continue }
      guard parts[1] == "sha256", let digest = Digest(hex: parts[2]) else {
        findings.add(Fault(.name, member: file.title, "\(file.title): not the name of a sha256 digest"))
        continue
      }
      if file.kind == .file { findings.check(file, has: digest) }
    }
  }

  private mutating func checkIndex(_ prefix: @escaping ([Digest]) -> Int) {
    guard let file = inventory.regularFile("index.json") else {
      return findings.add(Fault(.layout, member: "index.json", "index.json: missing"))
    }
    findings.referenced.insert(file.name)
    guard let bytes = findings.text(of: file, nil) else { return }
    let manifests: [Descriptor]
    do {
      manifests = try listedManifests(parsing: bytes)
    } catch {
      return findings.add(Fault(.json, member: "index.json", "index.json: \(error.reason)"))
    }
    let index = try? JSONValue(parsing: bytes, rules: .lenient)
    if index?["schemaVersion"]?.int64 != 2 {
      findings.add(Fault(.layout, member: "index.json", "index.json: schemaVersion is not 2", expected: "2"))
    }
    if let type = index?["mediaType"]?.string, type != MediaType.ociIndex.description {
      findings.add(
        Fault(
          .mediaType, member: "index.json", "index.json: unknown media type \(type)",
          expected: MediaType.ociIndex.description, found: type))
    }
    let inventory = inventory
    var checks = ManifestChecks(find: { inventory.blob($0) }, prefix: prefix)
    var owners = ImageNames()
    let names = manifests.map { EntryNames($0, findings: &findings) }
    // All names of one image, so that the report has it once.
    var namesOf: [Digest: [String]] = [:]
    for (manifest, names) in zip(manifests, names) {
      namesOf[manifest.digest, default: []] += [names.full ?? names.shown].compactMap(\.self)
    }
    for (manifest, entryNames) in zip(manifests, names) {
      if let name = entryNames.full ?? entryNames.shown { owners.add(name, of: manifest.digest, to: &findings) }
      let all = namesOf[manifest.digest] ?? []
      if all.isEmpty {
        findings.note(Fault(.name, member: "index.json", "manifest \(manifest.digest): no name"))
      }
      let images = checks.check(manifest, names: all, title: entryNames.shown ?? "manifest \(manifest.digest)")
      entries.append(Entry(names: entryNames, isList: manifest.mediaType.isList, images: images))
    }
    findings.add(checks.findings)
  }
}

extension Findings {
  /// Compares a file with the digest in its name.
  mutating func check(_ file: FileFacts, has digest: Digest) {
    guard file.digest != digest else { return }
    add(
      Fault(
        .digest, member: file.title, "\(file.title): content is \(file.digest)", expected: "\(digest)",
        found: "\(file.digest)"))
  }
}
