import Digests
import JSON

/// Checks what a docker-archive has for Docker before 1.10: `repositories`, and a folder for each layer.
///
/// Source: moby, image/spec/v1.md, "Combined Image JSON + Filesystem Changeset Format".
struct LegacyChecks {
  /// What was found.
  private(set) var findings = Findings()
  private let inventory: Inventory

  /// Checks the old files, if there are any.
  ///
  /// An image without layers has no place in `repositories`, which names the last layer of each image.
  ///
  /// - Parameters:
  ///   - inventory: All files.
  ///   - names: The names in `manifest.json`.
  ///   - namesOfEmpty: Those of images without layers.
  init(_ inventory: Inventory, names: Set<String>, namesOfEmpty: Set<String>) {
    self.inventory = inventory
    if let file = inventory.regularFile("repositories") { checkRepositories(file, names, namesOfEmpty) }
    for name in inventory.names {
      let parts = name.split(separator: UInt8(ascii: "/"))
      guard parts.count == 2, let id = Digest(hex: String(decoding: parts[0], as: UTF8.self)) else { continue }
      checkFile(name, String(decoding: parts[1], as: UTF8.self), ofLayer: id)
    }
  }

  private mutating func checkRepositories(
    _ file: FileFacts, _ names: Set<String>, _ namesOfEmpty: Set<String>
  ) {
    findings.referenced.insert(file.name)
    guard let bytes = findings.text(of: file, nil) else { return }
    var found: Set<String> = []
    do {
      let value = try JSONValue(parsing: bytes, rules: .strictWithMaps)
      for (repository, tags) in value.members {
        for (tag, _) in tags.members {
          let name = "\(repository.string ?? ""):\(tag.string ?? "")"
          found.insert(canonicalName(name) ?? name)
        }
      }
    } catch {
      return findings.add(Fault(.json, member: file.title, "\(file.title): \(error)"))
    }
    for name in found.symmetricDifference(names).subtracting(namesOfEmpty.subtracting(found)).sorted() {
      findings.add(
        Fault(
          .name, member: file.title,
          "\(file.title): \(found.contains(name) ? "has" : "lacks") \(name), unlike manifest.json"))
    }
  }

  private mutating func checkFile(_ path: [UInt8], _ name: String, ofLayer id: Digest) {
    guard let file = inventory.regularFile(path) else {
      let title = String(decoding: path, as: UTF8.self)
      return findings.add(Fault(.missing, member: title, "\(title): leads to a missing file"))
    }
    guard ["json", "layer.tar", "VERSION"].contains(name) else { return }
    findings.referenced.insert(path)
    guard name == "json", let bytes = findings.text(of: file, nil) else { return }
    do {
      let value = try JSONValue(parsing: bytes, rules: .strictWithMaps)
      if value["id"]?.string != id.hex {
        findings.add(Fault(.name, member: file.title, "\(file.title): the id is not that of the folder"))
      }
      let parent = value["parent"]?.string ?? ""
      if !parent.isEmpty, inventory.regularFile("\(parent)/json") == nil {
        findings.add(
          Fault(.missing, member: "\(parent)/json", "\(parent)/json: missing, the parent of \(file.title)"))
      }
    } catch {
      findings.add(Fault(.json, member: file.title, "\(file.title): \(error)"))
    }
  }
}
