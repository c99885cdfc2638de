import Compression
import Diagnostics
import ImageManifest
import ImageModel
import ImageSource
import LayerPipeline
import Tar

/// Writes a tar archive member by member: into a stream, or into a file if layer sizes are unknown.
final class SequentialArchive: LayerWriter {
  private let content: OutputContent
  private let style: TarStyle
  private let tar: TarOutput
  private let layers: [SourceLayer]
  /// The entries not written yet.
  private var entries: ArraySlice<Entry>
  private var written: WrittenLayers
  /// The layer in progress, if it is compressed.
  private var encoded: EncodedLayer?

  init(_ content: OutputContent, _ style: TarStyle, to tar: TarOutput) {
    self.content = content
    self.style = style
    self.tar = tar
    layers = content.layers
    entries = content.entries[...]
    written = content.written
  }

  /// Writes the archive; on failure, a stream ends inside a member.
  func write(through pipeline: LayerPipeline) throws(Failure) -> WrittenLayers {
    do throws(Failure) {
      try pipeline.run(layers, inOrder: true, to: self)
      while let entry = entries.popFirst() { try write(entry) }
      try tar.finish()
      return written
    } catch {
      tar.leaveTruncated()
      throw error
    }
  }

  /// Writes the entries before the layer, and its header if it is known.
  func begin(_ number: Int) throws(Failure) {
    while let entry = entries.popFirst() {
      guard entry.layer != nil else {
        try write(entry)
        continue
      }
      if let header = try entry.member(written).header(style) {
        try tar.begin(header)
      } else {
        try tar.beginWithoutHeader()
        current = entry
      }
      break
    }
    encoded = content.codec(for: layers[number]).map(EncodedLayer.init)
    try encoded?.begin(tar.put)
  }

  /// The entry of a layer whose header is not known yet.
  private var current: Entry?

  func take(_ chunk: Chunk, of number: Int) throws(Failure) {
    if encoded == nil { return try tar.put(chunk.piece) }
    try encoded?.append(chunk, tar.put)
  }

  func end(_ number: Int, size: UInt64) throws(Failure) {
    let layer = layers[number].layer
    let result =
      try encoded?.end(tar.put) ?? written[layer] ?? WrittenLayer(digest: layer.diffID, size: size)
    written.add(result, for: layer)
    guard let entry = current.take() else { return try tar.end() }
    guard let header = try entry.member(written).header(style) else {
      throw Failure(.internalError, "layer \(layer.diffID)", "has not been written")
    }
    try tar.end(as: header)
  }

  private func write(_ entry: Entry) throws(Failure) {
    let member = try entry.member(written)
    guard let header = member.header(style) else {
      throw Failure(.internalError, member.name ?? "member", "size is unknown")
    }
    var bytes: [UInt8] = []
    if case .file(let contents?) = member.kind { bytes = contents }
    try tar.write(header, bytes)
  }
}
