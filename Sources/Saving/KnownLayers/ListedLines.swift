import Diagnostics
import Digests

extension LayerList {
  /// The longest line, in bytes.
  private static let lineLimit = 1 << 20

  /// What the lines of a table mean.
  private enum Table {
    /// Digests of unknown meaning.
    case none
    /// `ctr snapshots ls`.
    case snapshots
    /// `ctr content ls`.
    case content
  }

  /// Adds the digests of lines; the headers of tables decide what follows them.
  mutating func addLines(_ text: [UInt8]) throws(Failure) {
    var table = Table.none
    var rest = text[...]
    // One at a time: a list of all lines can take ten times the memory of the text.
    while !rest.isEmpty {
      let line = rest.prefix { $0 != 0x0A && $0 != 0x0D }
      rest = rest[line.endIndex...].dropFirst()
      guard line.count <= LayerList.lineLimit else {
        throw .badData("a line of more than \(LayerList.lineLimit) bytes")
      }
      guard let first = line.first(where: { !isBlank($0) }), first != UInt8(ascii: "#") else { continue }
      let words = line.split(whereSeparator: isBlank)
      if let header = try LayerList.table(headedBy: words) {
        table = header
        // A table without lines is a list of no layers.
        count += 1
        continue
      }
      switch table {
      case .snapshots: addSnapshot(words)
      case .content: addContent(words)
      case .none: try add(line: line, first)
      }
    }
  }

  /// The table that a line starts; nil for any other line.
  ///
  /// - Throws: A failure of the kind `badData` for the output of a command that names no layers.
  private static func table(headedBy words: [ArraySlice<UInt8>]) throws(Failure) -> Table? {
    guard let first = words.first, first.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
    let header = words.map { String(decoding: $0, as: UTF8.self) }
    if header.starts(with: ["KEY", "PARENT", "KIND"]) { return .snapshots }
    if header.starts(with: ["DIGEST", "SIZE", "AGE"]) { return .content }
    if header.starts(with: ["REF", "TYPE", "DIGEST"]) {
      throw .withoutLayers("ctr images ls", "ctr snapshots ls")
    }
    if header.starts(with: ["IMAGE", "TAG", "IMAGE", "ID"]) {
      throw .withoutLayers("crictl images", "crictl inspecti -o json $(crictl images -q)")
    }
    if header.starts(with: ["REPOSITORY", "TAG"]) || header.starts(with: ["IMAGE", "ID"]) {
      throw .withoutLayers(
        "docker images or podman images", LayerList.remedy.replacing(", ", with: " or "))
    }
    return nil
  }

  /// Adds a chain that is complete: the first column of a committed snapshot.
  private mutating func addSnapshot(_ words: [ArraySlice<UInt8>]) {
    guard words.last?.elementsEqual("Committed".utf8) ?? false, let chain = words.first.flatMap(digest) else {
      return
    }
    known.add(chain: chain)
  }

  /// Adds a blob, and the uncompressed layer that its labels name; other labels name blobs that may not be there.
  private mutating func addContent(_ words: [ArraySlice<UInt8>]) {
    guard let blob = words.first.flatMap(digest) else { return }
    known.add(digest: blob)
    let label = Array("containerd.io/uncompressed=".utf8)
    for part in words.dropFirst().flatMap({ $0.split(separator: UInt8(ascii: ",")) })
    where part.starts(with: label) {
      if let layer = digest(part.dropFirst(label.count)) { known.add(digest: layer) }
    }
  }

  /// Adds the digests of a line of any form; those in brackets are the layers of an image in order.
  private mutating func add(line: ArraySlice<UInt8>, _ first: UInt8) throws(Failure) {
    if first == UInt8(ascii: "{") { throw .badData("lines and JSON in one list") }
    let words = line.split { isBlank($0) || "[],;\"'".utf8.contains($0) }
    let digests = words.compactMap(digest)
    count += digests.count
    let isList = first == UInt8(ascii: "[") && line.last { !isBlank($0) } == UInt8(ascii: "]")
    if isList, digests.count == words.count {
      known.add(layers: digests)
    } else {
      for digest in digests { known.add(digest: digest) }
    }
  }
}

/// A digest with or without its algorithm; nil for any other word.
private func digest(_ word: ArraySlice<UInt8>) -> Digest? {
  Digest(utf8: word) ?? (word.count == 64 ? Digest(hex: String(decoding: word, as: UTF8.self)) : nil)
}
