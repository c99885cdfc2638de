import Diagnostics
import Digests
import ImageManifest
import ImageModel
import Tar

/// The oci-archive format: an OCI layout in a tar.
///
/// The same image gives the same bytes: every time in it is the given one, owners are 0, modes are fixed.
/// Source: containers/image, oci/archive.
public enum OCIArchive {
  /// Writes an image; `time` is the modification time of all members, in seconds since 1970.
  ///
  /// - Throws: A ``Failure``. What a stream has got by then ends inside a member.
  public static func write(
    _ image: ArchiveImage, compression: LayerCompression, time: UInt32, to target: ArchiveTarget
  ) throws(Failure) -> WrittenArchive {
    let layout = ArchivedLayout(image: image, time: time)
    switch compression {
    case .none:
      let members = try layout.plainMembers()
      let output = try openOutput(target)
      try PlacedTar(members.all).write(to: output)
      return WrittenArchive(output: try output.finish(), images: [members.result])
    case .gzip(let level, let jobs):
      _ = try OCILayout.names(of: image)
      let compressor = try LayerCompressor(level: level, jobs: jobs)
      let output = try openOutput(target)
      let result = try layout.write(with: compressor, to: TarOutput(output))
      return WrittenArchive(output: try output.finish(), images: [result])
    }
  }
}

/// An OCI layout with one image on its way into a tar.
private struct ArchivedLayout {
  let image: ArchiveImage
  let time: UInt32

  /// All members, where no layer has to be compressed.
  func plainMembers() throws(Failure) -> (all: [TarMember], result: WrittenImage) {
    let written = image.layers.map { layer in
      WrittenLayer(digest: layer.layer.diffID, size: layer.layer.size, isGzip: false)
    }
    var members = directories
    var seen: Set<Layer> = []
    for layer in image.layers where seen.insert(layer.layer).inserted {
      members.append(.file(OCILayout.path(of: layer.layer.diffID), mode: fileMode, time: time, layer))
    }
    let (rest, manifest) = try metadata(for: written)
    return (members + rest, WrittenImage(manifest: manifest, layers: written))
  }

  /// Writes the layout with compressed layers, whose names and sizes are known only when they have been written.
  func write(with compressor: LayerCompressor, to tar: TarOutput) throws(Failure) -> WrittenImage {
    do throws(Failure) {
      for directory in directories { try tar.write(directory) }
      var known: [Layer: WrittenLayer] = [:]
      for layer in image.layers where known[layer.layer] == nil {
        known[layer.layer] = try tar.writeHeaderLast(header(of:)) { write throws(Failure) in
          try compressor.compress(layer, write: write)
        }
      }
      let written = image.layers.compactMap { known[$0.layer] }
      let (members, manifest) = try metadata(for: written)
      for member in members { try tar.write(member) }
      try tar.end()
      return WrittenImage(manifest: manifest, layers: written)
    } catch {
      tar.leaveTruncated()
      throw error
    }
  }

  private let fileMode: UInt16 = 0o644

  private var directories: [TarMember] {
    [OCILayout.blobs, OCILayout.sha256].map { name in
      let header = TarHeader(name: "\(name)/", kind: .directory, mode: 0o755, modificationTime: time)
      return TarMember(header: header, content: .none)
    }
  }

  /// Config, manifest, index and marker, for layers that were written so.
  private func metadata(for layers: [WrittenLayer]) throws(Failure) -> ([TarMember], manifest: Blob) {
    let manifest = try Manifest(parsing: image.manifest.bytes).replacingLayers(layers)
    var index = OCIIndex()
    try OCILayout.add(image, manifest: manifest, to: &index)
    let files = [
      (OCILayout.path(of: image.config.digest), image.config.bytes),
      (OCILayout.path(of: manifest.digest), manifest.bytes),
      (OCILayout.index, index.encoded), (OCILayout.marker, OCILayout.markerContents),
    ]
    return (files.map { TarMember.file($0.0, mode: fileMode, time: time, $0.1) }, manifest)
  }

  private func header(of layer: WrittenLayer) -> TarHeader {
    TarHeader(
      name: OCILayout.path(of: layer.digest), kind: .file(size: layer.size), mode: fileMode,
      modificationTime: time)
  }
}
