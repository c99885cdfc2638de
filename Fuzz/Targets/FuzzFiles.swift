import Diagnostics
import Digests
import Glibc
import ImageModel
import ImageRecord
import ImageSource

@testable import ImageFiles

/// An archive as a source, as a layout and as a docker-archive: lists the images, makes every record and reads every
/// layer.
///
/// Repairs the digests in names of blobs and the checksums of headers, since no fuzzer finds them.
public func fuzzFiles(_ bytes: [UInt8]) {
  guard let scratch = ScratchFile(sealed(bytes)),
    let archive = try? Archive(opening: scratch.path, false)
  else { return }
  for transport in [ImageFileReference.Transport.ociArchive, .dockerArchive] {
    let place = ImageFileReference.Place(transport: transport, path: "archive")
    let amd64 = PlatformRequest(wanted: { [Platform(os: "linux", architecture: "amd64")] })
    for platforms in [PlatformChoice(amd64), PlatformChoice(lists: [], isAll: true, host: amd64)] {
      guard
        let catalog = try? ImageFileCatalog(
          place, archive, path: "/archive", platforms: platforms, note: { _ in })
      else { continue }
      for request in catalog.requests(for: nil).prefix(20) { visit(request, in: catalog, archive) }
      promise(
        catalog.completions(of: "").allSatisfy { $0.hasPrefix(place.text) }, "a completion of another place")
    }
  }
}

private func visit(_ request: ImageRequest, in catalog: ImageFileCatalog, _ archive: Archive) {
  guard let records = try? catalog.records(for: request) else { return }
  promise(!records.isEmpty, "an image without a record")
  for record in records.prefix(20) { visit(record, archive) }
}

private func visit(_ record: ImageRecord, _ archive: Archive) {
  promise((try? ImageRecord.records(in: record.line))?.first?.line == record.line, "a record that is not read")
  promise(Set(record.tags).count == record.tags.count, "a tag twice")
  promise(record.config?.digest.hex == record.id, "an ID that is not that of the config")
  guard let layers = try? ArchiveLayers(record.storage, archive) else {
    return promise(false, "an archive that its record does not open")
  }
  for layer in record.layers.prefix(20) {
    guard let content = try? layers.content(of: layer, image: "image") else {
      promise(false, "a layer without a place in the archive")
      continue
    }
    let stream = SourceLayer(layer.layer, content).stream
    promise(stream != nil, "a layer without content")
    if let size = stream.flatMap({ size(of: $0) }), let expected = layer.layer.size {
      promise(size == expected || size >= limit, "a layer of another size")
    }
  }
}

/// The most bytes that are read of a layer: a small blob may be a large tar.
private let limit: UInt64 = 1 << 20

/// The number of bytes of a layer, at least the limit for a longer one; nil if it cannot be read.
private func size(of layer: LayerStream) -> UInt64? {
  guard let reader = try? layer.source.open() else { return nil }
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
  defer { buffer.deallocate() }
  var size: UInt64 = 0
  while size < limit {
    guard let piece = try? reader.next(into: buffer) else { return nil }
    if let load = piece.load, (try? load(buffer)) == nil { return nil }
    size += UInt64(piece.count)
    if piece.count < buffer.count { break }
  }
  return size
}

/// The archive with a right digest in each name `blobs/sha256/HEX` and all references to it, and right checksums.
func sealed(_ bytes: [UInt8]) -> [UInt8] {
  var result = bytes
  let headers = stride(from: 0, to: bytes.count - 511, by: 512).filter {
    bytes[($0 + 257)..<($0 + 262)].elementsEqual("ustar".utf8)
  }
  let prefix = Array("blobs/sha256/".utf8)
  // A blob that refers to another one changes with it: index, manifest, config.
  for _ in 0..<4 {
    var isStable = true
    for header in headers.prefix(64) where result[header..<(header + prefix.count)].elementsEqual(prefix) {
      let name = (header + prefix.count)..<(header + prefix.count + 64)
      let digits = result[(header + 124)..<(header + 135)]
      guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 8), size >= 0,
        size <= result.count - header - 512
      else { continue }
      let digest = SHA256.digest(of: Array(result[(header + 512)..<(header + 512 + size)]))
      let hex = Array(digest.hex.utf8)
      let old = Array(result[name])
      if old == hex { continue }
      isStable = false
      replace(old, with: hex, in: &result)
    }
    if isStable { break }
  }
  for header in headers { repairChecksum(at: header, in: &result) }
  return result
}

/// Replaces all occurrences of some bytes by as many others.
private func replace(_ old: [UInt8], with new: [UInt8], in bytes: inout [UInt8]) {
  bytes.withUnsafeMutableBytes { bytes in
    guard var next = bytes.baseAddress, let first = old.first else { return }
    let end = next + bytes.count
    while let found = memchr(next, CInt(first), end - next), end - found >= old.count {
      let matches = memcmp(found, old, old.count) == 0
      if matches { found.copyMemory(from: new, byteCount: new.count) }
      next = found + (matches ? new.count : 1)
    }
  }
}
