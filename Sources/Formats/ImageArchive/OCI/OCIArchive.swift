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
      try PlacedTar(members.all).write(to: output, threads: target.threads)
      return WrittenArchive(output: try output.finish(), images: [members.result])
    case .gzip:
      _ = try OCILayout.names(of: image)
      let output = try openOutput(target)
      let result = try CompressedLayout(layout, to: TarOutput(output)).write(
        compression, threads: target.threads)
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
    for layer in image.layers.withoutDuplicates {
      members.append(.file(OCILayout.path(of: layer.layer.diffID), mode: fileMode, time: time, layer))
    }
    let (rest, manifest) = try metadata(for: written)
    return (members + rest, WrittenImage(manifest: manifest, layers: written))
  }

  private let fileMode: UInt16 = 0o644

  var directories: [TarMember] {
    [OCILayout.blobs, OCILayout.sha256].map { name in
      let header = TarHeader(name: "\(name)/", kind: .directory, mode: 0o755, modificationTime: time)
      return TarMember(header: header, content: .none)
    }
  }

  /// Config, manifest, index and marker, for layers that were written so.
  func metadata(for layers: [WrittenLayer]) throws(Failure) -> ([TarMember], manifest: Blob) {
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

  func header(of layer: WrittenLayer) -> TarHeader {
    TarHeader(
      name: OCILayout.path(of: layer.digest), kind: .file(size: layer.size), mode: fileMode,
      modificationTime: time)
  }
}

/// Writes an OCI layout with compressed layers, whose names and sizes are known only when they have been written.
private final class CompressedLayout: LayerReceiver {
  private let layout: ArchivedLayout
  private let tar: TarOutput
  private let layers: [ArchiveLayer]
  private var member = GzipMember()
  private var written: [Layer: WrittenLayer] = [:]

  init(_ layout: ArchivedLayout, to tar: TarOutput) {
    self.layout = layout
    self.tar = tar
    layers = layout.image.layers.withoutDuplicates
  }

  func write(_ compression: LayerCompression, threads: Int) throws(Failure) -> WrittenImage {
    do throws(Failure) {
      for directory in layout.directories { try tar.write(directory) }
      try LayerPipeline(compression, threads: threads).run(layers, inOrder: true, to: self)
      let layers = layout.image.layers.compactMap { written[$0.layer] }
      let (members, manifest) = try layout.metadata(for: layers)
      for member in members { try tar.write(member) }
      try tar.finish()
      return WrittenImage(manifest: manifest, layers: layers)
    } catch {
      tar.leaveTruncated()
      throw error
    }
  }

  func begin(_ number: Int) throws(Failure) {
    try tar.beginWithoutHeader()
    member = GzipMember()
    try member.begin(tar.put)
  }

  func take(_ chunk: Chunk, of number: Int) throws(Failure) { try member.append(chunk, tar.put) }

  func end(_ number: Int) throws(Failure) {
    let layer = try member.end(tar.put)
    try tar.end(as: layout.header(of: layer))
    written[layers[number].layer] = layer
  }
}
