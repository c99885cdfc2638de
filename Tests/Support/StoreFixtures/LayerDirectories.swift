import Digests
import Foundation

extension StoreBuilder {
  /// Writes `diff`, `link`, `lower` and the short link of a layer.
  ///
  /// Source: containers/storage, drivers/overlay/overlay.go, create.
  func writeOverlayLayer(_ tar: LayerTar, id: String, parent: String?) throws {
    let content = contentPath(ofLayer: id)
    try makeDirectories(content)
    try makeDirectories(path("overlay/\(id)/work"))
    try Extraction(root: Array(content.utf8), appliesWhiteouts: false).apply(tar)
    try write(Array(shortLink(of: id).utf8), to: path("overlay/\(id)/link"))
    try Disk.symlink(
      to: Array("../\(id)/diff".utf8), at: Array(path("overlay/l/\(shortLink(of: id))").utf8))
    if let parent {
      try makeDirectories(path("overlay/\(id)/merged"))
      let lower = try? String(contentsOfFile: path("overlay/\(parent)/lower"), encoding: .utf8)
      let all = "l/\(shortLink(of: parent))" + (lower.map { ":" + $0 } ?? "")
      try write(Array(all.utf8), to: path("overlay/\(id)/lower"))
    }
  }

  /// Writes the tree that results from layers, base first.
  ///
  /// Source: containers/storage, drivers/vfs/driver.go, drivers/btrfs/btrfs.go.
  func writeTree(_ chain: [LayerTar], id: String) throws {
    let content = contentPath(ofLayer: id)
    try makeDirectories(content)
    let extraction = Extraction(root: Array(content.utf8), appliesWhiteouts: true)
    for tar in chain { try extraction.apply(tar) }
  }
}

/// The 26 base32 characters of a layer in `lower`: random in real stores, fixed here.
func shortLink(of id: String) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
  let hash = SHA256.digest(of: Array(id.utf8)).value
  return String((0..<26).map { alphabet[Int(hash[$0] & 31)] })
}
