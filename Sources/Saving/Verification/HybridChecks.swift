import Digests

/// Compares the two descriptions of a hybrid: `manifest.json` of a docker-archive and `index.json` of OCI.
struct HybridChecks {
  /// What was found.
  private(set) var findings = Findings()

  /// Compares the images of both parts.
  init(_ docker: DockerArchiveChecks, _ oci: OCILayoutChecks) {
    // The entries of the index with a config.
    var entriesOf: [Digest: [Int]] = [:]
    for (index, entry) in oci.entries.enumerated() {
      for config in Set(entry.images.map(\.config)) { entriesOf[config, default: []].append(index) }
    }
    var used: Set<Int> = []
    var compared: Set<Digest> = []
    for item in docker.items {
      guard let config = item.config else { continue }
      let matches = entriesOf[config] ?? []
      used.formUnion(matches)
      guard compared.insert(config).inserted else {
        add(item, "manifest.json has the image twice")
        continue
      }
      guard !matches.isEmpty else {
        add(item, "manifest.json has an image that index.json lacks")
        continue
      }
      let images = matches.flatMap { oci.entries[$0].images }.filter { $0.config == config }
      if !images.contains(where: { $0.layers.map(Optional.some) == item.layers }) {
        add(item, "manifest.json lists other layers than index.json", code: .order)
      }
      compareNames(item, matches.map { oci.entries[$0] })
    }
    checkLists(docker, oci)
    for (index, entry) in oci.entries.enumerated() where !entry.images.isEmpty && !used.contains(index) {
      findings.add(
        Fault(
          .mismatchManifests, image: entry.names.shown, member: "index.json",
          "index.json has an image that manifest.json lacks"))
    }
  }

  /// Compares the names of an image; bare tags in the index show none.
  ///
  /// The names of a list may be those of another of its images.
  private mutating func compareNames(_ item: DockerArchiveChecks.Item, _ entries: [OCILayoutChecks.Entry]) {
    if entries.contains(where: { $0.names.full == nil && $0.names.shown != nil }) { return }
    let own = Set(entries.filter { !$0.isList }.compactMap(\.names.full))
    let all = Set(entries.compactMap(\.names.full))
    if !own.isSubset(of: item.names) || !all.isSuperset(of: item.names) {
      add(
        item, "manifest.json has other names than index.json: \(list(item.names)), not \(list(all.sorted()))")
    }
  }

  /// Each name of a list must be that of one of its images in `manifest.json`.
  private mutating func checkLists(_ docker: DockerArchiveChecks, _ oci: OCILayoutChecks) {
    for entry in oci.entries where entry.isList {
      let configs = Set(entry.images.map(\.config))
      let items = docker.items.filter { $0.config.map(configs.contains) == true }
      guard let name = entry.names.full, !items.isEmpty, !items.contains(where: { $0.names.contains(name) })
      else {
        continue
      }
      findings.add(
        Fault(
          .mismatchManifests, image: name, member: "manifest.json",
          "manifest.json lacks the name of a list of index.json: \(name)"))
    }
  }

  private func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }

  private mutating func add(
    _ item: DockerArchiveChecks.Item, _ reason: String, code: Fault.Code = .mismatchManifests
  ) {
    findings.add(Fault(code, image: item.title, member: "manifest.json", reason))
  }
}
