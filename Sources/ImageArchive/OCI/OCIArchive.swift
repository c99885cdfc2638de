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
    _ = try OCILayout.names(of: image)
    let layers = try LayerWriter(compression)
    let output = try openOutput(target)
    let tar = TarOutput(output)
    let result: WrittenImage
    do throws(Failure) {
      result = try write(image, layers, Members(tar: tar, time: time))
    } catch {
      tar.leaveTruncated()
      throw error
    }
    try tar.end()
    return WrittenArchive(output: try output.finish(), images: [result])
  }

  private static func write(
    _ image: ArchiveImage, _ layers: LayerWriter, _ members: Members
  ) throws(Failure) -> WrittenImage {
    try members.directory(OCILayout.blobs)
    try members.directory(OCILayout.sha256)
    var written: [WrittenLayer] = []
    for layer in image.layers {
      if let known = layers.result(for: layer) {
        written.append(known)
      } else {
        written.append(try members.layer(layer, layers))
      }
    }
    let manifest = try Manifest(parsing: image.manifest.bytes).replacingLayers(written)
    try members.file("\(OCILayout.sha256)/\(image.config.digest.hex)", image.config.bytes)
    try members.file("\(OCILayout.sha256)/\(manifest.digest.hex)", manifest.bytes)
    var index = OCIIndex()
    try OCILayout.add(image, manifest: manifest, to: &index)
    try members.file(OCILayout.index, index.encoded)
    try members.file(OCILayout.marker, OCILayout.markerContents)
    return WrittenImage(manifest: manifest, layers: written)
  }
}

/// Writes the members of an OCI layout into a tar.
private struct Members {
  let tar: TarOutput
  let time: UInt32

  func directory(_ name: String) throws(Failure) {
    let header = TarHeader(name: "\(name)/", kind: .directory, mode: 0o755, modificationTime: time)
    try tar.write(TarMember(header: header, content: .none))
  }

  func file(_ name: String, _ bytes: [UInt8]) throws(Failure) {
    try tar.write(.file(name, mode: 0o644, time: time, bytes))
  }

  /// Writes a layer, whose name and size may be known only when it has been compressed.
  func layer(_ layer: ArchiveLayer, _ layers: LayerWriter) throws(Failure) -> WrittenLayer {
    if let expectation = layers.expectation(for: layer) {
      return try tar.write(header(of: expectation)) { write throws(Failure) in
        try layers.write(layer, write: write)
      }
    }
    return try tar.writeHeaderLast(header(of:)) { write throws(Failure) in
      try layers.write(layer, write: write)
    }
  }

  private func header(of layer: WrittenLayer) -> TarHeader {
    TarHeader(
      name: "\(OCILayout.sha256)/\(layer.digest.hex)", kind: .file(size: layer.size), mode: 0o644,
      modificationTime: time)
  }
}
