import Diagnostics
import Digests
import ImageManifest
import ImageModel

/// Writes the layers of an image into a directory, each once, as files called by their digests.
final class DirectoryLayers {
  private let directory: DirectoryOutput
  /// The path of a blob in the directory.
  private let name: (Digest) -> String
  private let compression: LayerCompression
  /// The layers, without duplicates.
  private var layers: [ArchiveLayer] = []
  private var files: [Int: File] = [:]
  private var written: [Layer: WrittenLayer] = [:]

  /// A layer's file on its way.
  private struct File {
    let file: DirectoryFile
    /// For a compressed layer.
    var member: GzipMember?
    /// The bytes of a plain layer that have been written, and the room for more.
    var size: UInt64 = 0
    var room: RoomAhead
  }

  init(in directory: DirectoryOutput, _ compression: LayerCompression, name: @escaping (Digest) -> String) {
    self.directory = directory
    self.compression = compression
    self.name = name
  }

  /// Writes the layers; returns what was written for each, base first.
  func write(_ layers: [ArchiveLayer], threads: Int) throws(Failure) -> [WrittenLayer] {
    self.layers = layers.withoutDuplicates
    try LayerPipeline(compression, threads: threads).run(self.layers, inOrder: false, to: self)
    return layers.compactMap { written[$0.layer] }
  }
}

extension DirectoryLayers: LayerReceiver {
  func begin(_ number: Int) throws(Failure) {
    let file = try directory.newFile(name(layers[number].layer.diffID))
    var member = compression == .none ? nil : GzipMember()
    try member?.begin { bytes throws(Failure) in try file.write(bytes) }
    files[number] = File(file: file, member: member, room: RoomAhead(0..<layers[number].layer.size))
  }

  func take(_ chunk: Chunk, of number: Int) throws(Failure) {
    guard let file = files[number]?.file else { return }
    if compression == .none {
      try makeRoom(for: chunk, of: number)
      return try file.write(chunk.piece)
    }
    try files[number]?.member?.append(chunk) { bytes throws(Failure) in try file.write(bytes) }
  }

  private func makeRoom(for chunk: Chunk, of number: Int) throws(Failure) {
    guard var file = files[number] else { return }
    file.size += UInt64(chunk.count)
    if let part = file.room.next(upTo: file.size) { try file.file.reserve(part) }
    files[number] = file
  }

  func end(_ number: Int) throws(Failure) {
    guard var file = files.removeValue(forKey: number) else { return }
    let layer = layers[number].layer
    let result =
      try file.member?.end { bytes throws(Failure) in try file.file.write(bytes) }
      ?? WrittenLayer(digest: layer.diffID, size: layer.size, isGzip: false)
    try file.file.finish(as: name(result.digest))
    written[layer] = result
  }
}

extension [ArchiveLayer] {
  /// Each layer once, in the order of first occurrence.
  var withoutDuplicates: [ArchiveLayer] {
    var seen: Set<Layer> = []
    return filter { seen.insert($0.layer).inserted }
  }
}
