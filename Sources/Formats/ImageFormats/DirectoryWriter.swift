import Compression
import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource
import LayerPipeline
import Outputs

/// Writes a directory: layers two at a time into files named by their digests, then the other files in order.
final class DirectoryWriter: LayerWriter {
  private let content: OutputContent
  private let directory: DirectoryOutput
  /// The entries of the layers.
  private let layers: [(layer: SourceLayer, named: @Sendable (Digest) -> String)]
  private var files: [Int: File] = [:]
  private var written: WrittenLayers

  /// The file of a layer in progress.
  private struct File {
    let file: DirectoryFile
    /// Set if layers are compressed.
    var encoded: EncodedLayer?
    /// The bytes of a plain layer written so far, and the space reserved for more.
    var size: UInt64 = 0
    var room: Preallocation?
  }

  init(_ content: OutputContent, to directory: DirectoryOutput) {
    self.content = content
    self.directory = directory
    layers = content.entries.compactMap { entry in
      if case .layer(let layer, let named) = entry { (layer, named) } else { nil }
    }
    written = content.written
  }

  /// Writes all entries; the last file completes the directory.
  func write(through pipeline: LayerPipeline) throws(Failure) -> WrittenLayers {
    for case .directory(let name) in content.entries { try directory.makeDirectory(name) }
    for name in content.kept { directory.keep(name) }
    try pipeline.run(layers.map(\.layer), inOrder: false, to: self)
    let written = written
    let files = content.entries.filter(\.isWrittenFile)
    guard let last = files.last else {
      throw Failure(.internalError, "directory", "has no file that completes it")
    }
    for entry in files.dropLast() {
      let file = try entry.file(written)
      try directory.write(file.name, file.bytes)
    }
    try directory.finish { () throws(Failure) in try last.file(written) }
    return written
  }

  func begin(_ number: Int) throws(Failure) {
    let (layer, named) = layers[number]
    let file = try directory.newFile(named(layer.layer.diffID))
    var encoded = content.codec(for: layer).map(EncodedLayer.init)
    try encoded?.begin { bytes throws(Failure) in try file.write(bytes) }
    let room = encoded == nil ? layer.stream?.size.map { Preallocation(0..<$0) } : nil
    files[number] = File(file: file, encoded: encoded, room: room)
  }

  func take(_ chunk: Chunk, of number: Int) throws(Failure) {
    guard let file = files[number]?.file else { return }
    if files[number]?.encoded == nil {
      try makeRoom(for: chunk, of: number)
      return try file.write(chunk.piece)
    }
    try files[number]?.encoded?.append(chunk) { bytes throws(Failure) in try file.write(bytes) }
  }

  private func makeRoom(for chunk: Chunk, of number: Int) throws(Failure) {
    guard var file = files[number] else { return }
    file.size += UInt64(chunk.count)
    if let part = file.room?.next(upTo: file.size) { try file.file.reserve(part) }
    files[number] = file
  }

  func end(_ number: Int, size: UInt64) throws(Failure) {
    guard let state = files.removeValue(forKey: number) else { return }
    let (layer, named) = layers[number]
    let file = state.file
    var encoded = state.encoded
    let result =
      try encoded?.end { bytes throws(Failure) in try file.write(bytes) }
      ?? written[layer.layer] ?? WrittenLayer(digest: layer.layer.diffID, size: size)
    try file.finish(as: named(result.digest))
    written.add(result, for: layer.layer)
  }
}
