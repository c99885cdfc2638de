import Diagnostics
import Digests
import ImageManifest
import ImageModel
import POSIX
import Tar

extension OCIArchive {
  /// What ``write(_:compression:time:to:)`` would write.
  public static func plan(
    _ image: ArchiveImage, compression: LayerCompression, to target: ArchiveTarget
  ) throws(Failure) -> ArchivePlan {
    let folders = ["\(OCILayout.blobs)/", "\(OCILayout.sha256)/"].map { ArchivePlan.Member($0, size: 0) }
    let members = folders + (try OCILayout.plannedFiles(of: image, compression, addingTo: OCIIndex()))
    var size: UInt64? = UInt64(2 * TarHeader.blockSize)
    for member in members {
      let kind = member.name?.last == "/" ? TarHeader.Kind.directory : member.size.map { .file(size: $0) }
      guard let name = member.name, let kind else {
        size = nil
        break
      }
      size = size.map { $0 + TarHeader(name: name, kind: kind, mode: 0).spaceInArchive }
    }
    let spools = size == nil && target.path == nil
    return ArchivePlan(
      members: members, size: size, temporarySize: spools ? image.layers.map(\.layer.size).max() ?? 0 : 0)
  }
}

extension OCIDirectory {
  /// What ``write(_:compression:to:)`` would write; nothing that is there already counts.
  public static func plan(
    _ image: ArchiveImage, compression: LayerCompression, to target: ArchiveTarget
  ) throws(Failure) -> ArchivePlan {
    var index = OCIIndex()
    if !target.force, let path = target.path,
      let existing = try? path.appending(OCILayout.index).contents(limit: Manifest.maximumSize)
    {
      index = try OCIIndex(parsing: existing)
    }
    return ArchivePlan(files: try OCILayout.plannedFiles(of: image, compression, addingTo: index))
  }
}

extension DockerDirectory {
  /// What ``write(_:compression:to:)`` would write.
  public static func plan(
    _ image: ArchiveImage, compression: LayerCompression
  ) throws(Failure) -> ArchivePlan {
    let layers = image.distinctLayers.map { layer in
      compression == .none
        ? ArchivePlan.Member(layer.diffID.hex, size: layer.size, layer: layer.diffID)
        : ArchivePlan.Member(nil, size: nil, layer: layer.diffID)
    }
    let manifest = try image.plannedManifest(compression)
    return ArchivePlan(
      files: layers + [
        ArchivePlan.Member(image.config.digest.hex, size: UInt64(image.config.bytes.count)),
        ArchivePlan.Member("manifest.json", size: manifest.map { UInt64($0.bytes.count) }),
        ArchivePlan.Member("version", size: UInt64(version.count)),
      ])
  }
}

extension OCILayout {
  /// The files of a layout with one more image, in the order they are written to an archive.
  fileprivate static func plannedFiles(
    of image: ArchiveImage, _ compression: LayerCompression, addingTo index: OCIIndex
  ) throws(Failure) -> [ArchivePlan.Member] {
    func blob(_ digest: Digest?, _ size: Int?) -> ArchivePlan.Member {
      ArchivePlan.Member(digest.map { "\(sha256)/\($0.hex)" }, size: size.map { UInt64($0) })
    }
    var index = index
    let manifest = try image.plannedManifest(compression)
    if let manifest { try add(image, manifest: manifest, to: &index) } else { _ = try names(of: image) }
    let layers = image.distinctLayers.map { layer in
      compression == .none
        ? ArchivePlan.Member("\(sha256)/\(layer.diffID.hex)", size: layer.size, layer: layer.diffID)
        : ArchivePlan.Member(nil, size: nil, layer: layer.diffID)
    }
    return layers + [
      blob(image.config.digest, image.config.bytes.count),
      blob(manifest?.digest, manifest?.bytes.count),
      ArchivePlan.Member(self.index, size: manifest == nil ? nil : UInt64(index.encoded.count)),
      ArchivePlan.Member(marker, size: UInt64(markerContents.count)),
    ]
  }
}

extension ArchiveImage {
  /// The layers, each once.
  fileprivate var distinctLayers: [Layer] {
    var seen: Set<Layer> = []
    return layers.map(\.layer).filter { seen.insert($0).inserted }
  }

  /// The manifest as it will be written; nil if it depends on how far layers can be compressed.
  fileprivate func plannedManifest(_ compression: LayerCompression) throws(Failure) -> Blob? {
    let manifest = try Manifest(parsing: manifest.bytes)
    if compression != .none, !layers.isEmpty { return nil }
    return try manifest.replacingLayers(
      layers.map { WrittenLayer(digest: $0.layer.diffID, size: $0.layer.size, isGzip: false) })
  }
}

extension ArchivePlan {
  /// The plan of a directory with these files.
  fileprivate init(files: [Member]) {
    var size: UInt64? = 0
    for file in files {
      if let sum = size, let length = file.size { size = sum + length } else { size = nil }
    }
    self.init(members: files, size: size)
  }
}
