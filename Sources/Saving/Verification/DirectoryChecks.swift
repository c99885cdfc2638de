import Digests
import ImageManifest
import ImageModel
import JSON

/// Checks a docker-dir: the files of one image or list, named by their digests.
///
/// Source: containers/image, directory/directory_transport.go.
struct DirectoryChecks {
  /// What was found.
  private(set) var findings = Findings()

  /// Checks a directory.
  ///
  /// - Parameters:
  ///   - inventory: All files.
  ///   - isPresent: Whether the receiver has the layer of a chain ID, so that it may be missing here.
  init(_ inventory: Inventory, isPresent: @escaping (Digest) -> Bool) {
    checkVersion(inventory)
    for name in inventory.names {
      let text = String(decoding: name, as: UTF8.self)
      let stem = text.hasSuffix(".manifest.json") ? String(text.dropLast(".manifest.json".utf8.count)) : text
      if let file = inventory.regularFile(name), let digest = Digest(hex: stem) {
        findings.check(file, has: digest)
      }
    }
    guard let file = inventory.regularFile("manifest.json") else {
      findings.add(Fault(.layout, member: "manifest.json", "manifest.json: missing"))
      return
    }
    findings.referenced.insert(file.name)
    guard let bytes = findings.text(of: file, nil) else { return }
    let find = { (digest: Digest) -> FileFacts? in
      if digest == file.digest { return file }
      return inventory.regularFile(digest.hex) ?? inventory.regularFile("\(digest.hex).manifest.json")
    }
    var checks = ManifestChecks(find: find, isPresent: isPresent)
    if isManifestList(bytes) {
      // A descriptor of the list itself: nothing else names it.
      let type =
        (try? JSONValue(parsing: bytes, rules: .lenient)).flatMap { guessedMediaType(of: $0) } ?? .ociIndex
      _ = checks.check(
        Descriptor(mediaType: type, digest: file.digest, size: file.size), names: [], title: "manifest.json")
    } else {
      _ = checks.check(bytes, file, as: nil, names: [], title: "manifest.json")
    }
    findings.add(checks.findings)
  }

  private mutating func checkVersion(_ inventory: Inventory) {
    guard let file = inventory.regularFile("version") else {
      return findings.add(Fault(.layout, member: "version", "version: missing"))
    }
    findings.referenced.insert(file.name)
    // Version 1.1 is the only one that was ever written.
    let expected = SHA256.digest(of: Array("Directory Transport Version: 1.1\n".utf8))
    if file.digest != expected {
      findings.add(Fault(.layout, member: "version", "version: not \"Directory Transport Version: 1.1\""))
    }
  }
}
