/// Extracts layers into a directory, as containers-storage does in its chroot.
///
/// Omits owners, modes, times and devices: readers take all headers from tar-split.
/// Source: containers/storage, pkg/archive/archive.go and diff.go.
struct Extraction {
  /// The directory that acts as `/`.
  let root: [UInt8]
  /// Whether markers remove files of lower layers (vfs) or are ignored (overlay).
  let appliesWhiteouts: Bool

  /// Extracts one layer over the present contents.
  func apply(_ tar: LayerTar) throws {
    var fresh: Set<[UInt8]> = []
    for member in tar.members {
      guard let path = try location(of: member.name) else { continue }
      let name = Array(path[((path.lastIndex(of: 0x2F) ?? -1) + 1)...])
      if name.starts(with: whiteoutPrefix) {
        if appliesWhiteouts {
          try applyWhiteout(name, in: Array(path.dropLast(name.count + 1)), keeping: fresh)
        }
      } else {
        try place(member, at: path)
        fresh.insert(path)
      }
    }
  }

  private func place(_ member: TarMember, at path: [UInt8]) throws {
    if case .directory = member.kind, Disk.isDirectory(path) { return }
    try Disk.remove(path)
    switch member.kind {
    case .file(let content): try Disk.write(content, to: path)
    case .directory: try Disk.makeDirectory(path)
    case .symlink(let target): try Disk.symlink(to: target, at: path)
    case .hardLink(let target):
      if let existing = try location(of: target) { try Disk.hardLink(to: existing, at: path) }
    case .characterDevice, .fifo, .globalHeader: break
    }
  }

  private func applyWhiteout(_ marker: [UInt8], in folder: [UInt8], keeping fresh: Set<[UInt8]>) throws {
    guard marker == opaqueMarker else {
      return try Disk.remove(folder + [0x2F] + marker.dropFirst(whiteoutPrefix.count))
    }
    for name in Disk.entries(of: folder) {
      let path = folder + [0x2F] + name
      if !fresh.contains(path) { try Disk.remove(path) }
    }
  }

  /// The path of a member: cleaned, inside the root, with symbolic links followed inside the root.
  ///
  /// Makes missing directories on the way. Nil for a name of the root itself.
  private func location(of name: [UInt8]) throws -> [UInt8]? {
    var clean: [[UInt8]] = []
    for part in components(name) {
      if part == dotDot { _ = clean.popLast() } else { clean.append(part) }
    }
    guard let last = clean.popLast() else { return nil }
    var walked: [[UInt8]] = []
    var ahead = Array(clean.reversed())
    var links = 0
    while let part = ahead.popLast() {
      if part == dotDot {
        _ = walked.popLast()
      } else if links < 40, let target = Disk.target(ofLink: path(walked + [part])) {
        links += 1
        if target.first == 0x2F { walked = [] }
        ahead += components(target).reversed()
      } else {
        walked.append(part)
        try Disk.makeDirectory(path(walked))
      }
    }
    return path(walked + [last])
  }

  private func path(_ parts: [[UInt8]]) -> [UInt8] {
    parts.reduce(root) { $0 + [0x2F] + $1 }
  }
}

private let whiteoutPrefix = Array(".wh.".utf8)
private let opaqueMarker = Array(".wh..wh..opq".utf8)
private let dotDot = Array("..".utf8)

/// The components of a path, without empty ones and `.`.
private func components(_ path: [UInt8]) -> [[UInt8]] {
  path.split(separator: 0x2F).map(Array.init).filter { $0 != Array(".".utf8) }
}
