import Digests

extension StoreBuilder {
  /// Stores an added overlay layer again, as objects with a table of contents; names must be text.
  ///
  /// The EROFS image, which only the kernel reads, is an empty file. Objects have mode 0644, so no privilege is
  /// needed.
  /// Source: containers/storage pkg/chunked, storage_linux.go, makeEntriesFlat; dump.
  public func makeComposefs(layer id: String, of tar: LayerTar) throws {
    let content = contentPath(ofLayer: id)
    try Disk.remove(Array(content.utf8))
    try makeDirectories(content)
    var entries: [String] = []
    for member in tar.members {
      guard case .file(let bytes) = member.kind else { continue }
      let name = quoted(String(decoding: member.name, as: UTF8.self))
      guard !bytes.isEmpty else {
        entries.append(#"{"type":"reg","name":\#(name)}"#)
        continue
      }
      let digest = SHA256.digest(of: bytes)
      try write(bytes, to: content + "/" + digest.hex.prefix(2) + "/" + digest.hex.dropFirst(2))
      entries.append(
        #"{"type":"reg","name":\#(name),"size":\#(bytes.count),"digest":\#(quoted(digest.description))}"#)
      entries.append(#"{"type":"chunk","name":\#(name),"chunkOffset":0}"#)
    }
    try writeTableOfContents(#"{"version":1,"entries":\#(array(entries)),"tarSplitDigest":"x"}"#, layer: id)
    try write(Array(#"{"format":1}"#.utf8), to: bigDataPath(ofLayer: id, key: "zstd-chunked-layer-data"))
    try write([], to: path("overlay/\(id)/composefs-data/composefs.blob"))
  }

  /// Writes the table of contents of a composefs layer.
  public func writeTableOfContents(_ text: String, layer id: String) throws {
    try write(Array(text.utf8), to: bigDataPath(ofLayer: id, key: "zstd-chunked-manifest"))
  }
}
