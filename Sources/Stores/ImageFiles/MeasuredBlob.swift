import Diagnostics
import Digests
import ImageModel
import ImageSource

/// What only reading a compressed layer shows: the digest of the blob and the size of the tar.
struct MeasuredBlob {
  let digest: Digest
  let tarSize: UInt64

  /// Reads a blob twice: as it is, and decompressed.
  ///
  /// - Throws: A failure of the kind `badData` if the tar does not have the expected digest.
  init(_ file: NamedFile, _ diffID: Digest) throws(Failure) {
    let source = BlobSource(name: file.name, file: file)
    digest = try hash(try source.open()).digest
    let layer = SourceLayer(Layer(diffID: diffID, size: nil), .blob(source))
    guard let tar = layer.stream else { throw Failure(.internalError, file.name, "no content") }
    let measured = try tar.source.naming { () throws(Failure) in try hash(try tar.source.open()) }
    guard measured.digest == diffID else {
      throw Failure(.badData, file.name, "the tar has the digest \(measured.digest), not \(diffID)")
    }
    tarSize = measured.size
  }
}

/// Digest and number of the bytes of a reader.
private func hash(_ reader: any LayerReader) throws(Failure) -> (digest: Digest, size: UInt64) {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
  defer { buffer.deallocate() }
  var hash = SHA256()
  var size: UInt64 = 0
  while true {
    let piece = try reader.next(into: buffer)
    _ = try piece.load?(buffer)
    hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<piece.count]))
    size += UInt64(piece.count)
    if piece.count < buffer.count { return (hash.digest(), size) }
  }
}
