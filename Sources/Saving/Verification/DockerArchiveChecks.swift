import Diagnostics
import Digests
import ImageManifest
import ImageReference
import JSON
import Tar

/// Checks `manifest.json` of a docker-archive, and the files that it names.
///
/// Source: moby, image/spec/v1.2.md, "Combined Image JSON + Filesystem Changeset Format".
struct DockerArchiveChecks {
  /// An image of `manifest.json`.
  struct Item {
    /// The names, with registry and tag.
    let names: [String]
    /// The digest of the config, by its place in an OCI layout or by its content; nil if it is missing.
    let config: Digest?
    /// The digests of the layers, likewise.
    let layers: [Digest?]
    /// The image in messages.
    let title: String
  }

  /// What was found.
  private(set) var findings = Findings()
  /// The images.
  private(set) var items: [Item] = []
  private let inventory: Inventory
  private let prefix: ([Digest]) -> Int
  private var owners = ImageNames()

  /// Checks an archive.
  ///
  /// - Parameters:
  ///   - inventory: All files.
  ///   - prefix: The number of layers of an image that the receiver has, so that they may be missing here.
  init(_ inventory: Inventory, prefix: @escaping ([Digest]) -> Int) {
    self.inventory = inventory
    self.prefix = prefix
    guard let file = inventory.regularFile("manifest.json") else {
      findings.add(Fault(.layout, member: "manifest.json", "manifest.json: missing"))
      return
    }
    findings.referenced.insert(file.name)
    guard let bytes = findings.text(of: file, nil) else { return }
    do throws(Failure) {
      let items = try Self.items(bytes)
      if items.isEmpty { findings.add(Fault(.layout, member: "manifest.json", "manifest.json: no images")) }
      for item in items { try check(item) }
    } catch {
      findings.add(Fault(.json, member: "manifest.json", "manifest.json: \(error.reason)"))
    }
    let empty = items.filter(\.layers.isEmpty).flatMap(\.names)
    findings.add(
      LegacyChecks(inventory, names: Set(items.flatMap(\.names)), namesOfEmpty: Set(empty)).findings)
  }

  private static func items(_ bytes: [UInt8]) throws(Failure) -> [JSONValue] {
    do {
      let value = try JSONValue(parsing: bytes, rules: .strictWithMaps)
      let items = Array(value.elements)
      for item in items { try item.refuseNamesInSeveralCases() }
      if value.kind == .array, items.allSatisfy({ $0.kind == .object }) { return items }
    } catch {
      throw Failure(.badData, "", "malformed JSON: \(error)")
    }
    throw Failure(.badData, "", "not a list of images")
  }

  private mutating func check(_ item: JSONValue) throws(Failure) {
    guard let config = item.field("Config")?.stringBytes, let configName = tarName(cleaning: config) else {
      throw Failure(.badData, "", "an image without a config")
    }
    let tags = try strings(item, "RepoTags").map { String(decoding: $0, as: UTF8.self) }
    let title = tags.first ?? String(decoding: config, as: UTF8.self)
    let file = inventory.regularFile(configName)
    let names = names(tags, title, file?.digest)
    let facts = checkConfig(configName, file, title)
    var listed: [ListedLayer] = []
    for layer in try strings(item, "Layers") {
      let name = String(decoding: layer, as: UTF8.self)
      let file = tarName(cleaning: layer).flatMap { inventory.regularFile($0) }
      listed.append(ListedLayer(title: label(of: file?.name ?? layer), member: name, file: file))
    }
    var image = VerifiedImage(tags: names, config: file?.digest, entry: .docker)
    image.platform = facts?.facts.platform
    image.created = facts?.facts.created
    image.layers = findings.check(listed, against: facts, image: title, prefix: prefix)
    findings.images.append(image)
    items.append(
      Item(
        names: names, config: blobDigest(configName, file),
        layers: listed.map { blobDigest(Array($0.member.utf8), $0.file) }, title: title))
  }

  private mutating func checkConfig(_ name: [UInt8], _ file: FileFacts?, _ title: String) -> ImageConfig? {
    let text = label(of: name)
    guard let file else {
      findings.add(
        Fault(
          .missing, image: title, member: String(decoding: name, as: UTF8.self), "config \(text): missing",
          expected: digest(inName: name)?.description))
      return nil
    }
    findings.referenced.insert(file.name)
    if let digest = digest(inName: name), digest != file.digest {
      findings.add(
        Fault(
          .digest, image: title, member: file.title, "config \(text): content is \(file.digest)",
          expected: "\(digest)", found: "\(file.digest)"))
    }
    return findings.config(of: file, title)
  }

  /// The digest of a file by its place in an OCI layout, else by its content; nil for a missing file elsewhere.
  ///
  /// A damaged blob is one fault, not a difference between `manifest.json` and `index.json`, too.
  private func blobDigest(_ name: [UInt8], _ file: FileFacts?) -> Digest? {
    place(inLayout: file?.name ?? name) ?? file?.digest
  }

  /// The digest in the name of a blob of an OCI layout; nil for any other name.
  private func place(inLayout name: [UInt8]) -> Digest? {
    name.starts(with: "blobs/sha256/".utf8) ? digest(inName: name) : nil
  }

  /// A file in messages: its digest in an OCI layout, or its name.
  private func label(of name: [UInt8]) -> String {
    place(inLayout: name)?.description ?? String(decoding: name, as: UTF8.self)
  }

  /// The names of an image with registry and tag; adds a fault for each tag that is none.
  private mutating func names(_ tags: [String], _ title: String, _ config: Digest?) -> [String] {
    if tags.isEmpty { findings.note(Fault(.name, image: title, "no name")) }
    var result: [String] = []
    for tag in tags {
      guard let name = try? ImageReference.parseNormalized(tag), name.tag != nil, name.digest == nil else {
        findings.add(
          Fault(
            .name, image: title, member: "manifest.json", "manifest.json: \"\(tag)\" is not a name with a tag"))
        continue
      }
      result.append(name.description)
      if let config { owners.add(name.description, of: config, to: &findings) }
    }
    return result
  }

  /// The strings of a list that may be missing or null.
  private func strings(_ item: JSONValue, _ member: String) throws(Failure) -> [[UInt8]] {
    guard let list = item.field(member), !list.isNull else { return [] }
    let strings = list.elements.map(\.stringBytes)
    guard list.kind == .array, !strings.contains(nil) else {
      throw Failure(.badData, "", "\(member) is no list of texts")
    }
    return strings.compactMap(\.self)
  }
}

/// The digest in the name of a file: `HEX`, `HEX.json`, `sha256:HEX` and the like; nil for any other name.
func digest(inName name: [UInt8]) -> Digest? {
  let text = String(decoding: name, as: UTF8.self)
  let last = text.split(separator: "/").last ?? ""
  let stem = last.hasPrefix("sha256:") ? last.dropFirst(7) : last.prefix { $0 != "." }
  return Digest(hex: stem)
}
