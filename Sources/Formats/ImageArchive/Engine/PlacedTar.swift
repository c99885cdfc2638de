import Diagnostics
import ImageModel
import Tar

/// A tar archive whose members all have their places before the first byte is written.
///
/// Into a file its layers are written side by side; into a stream one after the other. The bytes are the same.
struct PlacedTar {
  private let members: [TarMember]

  init(_ members: [TarMember]) {
    self.members = members
  }

  /// Writes the archive; what a stream has got when it fails ends inside a member.
  func write(to output: any ArchiveOutput, threads: Int) throws(Failure) {
    let pipeline = try LayerPipeline(.none, threads: threads)
    let layers = members.compactMap(\.layer)
    guard let placed = output.placed else {
      let stream = StreamedMembers(members, to: TarOutput(output))
      do {
        try pipeline.run(layers, inOrder: true, to: stream)
        try stream.finish()
      } catch {
        stream.leaveTruncated()
        throw error
      }
      return
    }
    let plan = try Plan(members)
    for piece in plan.pieces {
      try piece.bytes.withBytes { bytes throws(Failure) in try placed.write(bytes, at: piece.offset) }
    }
    try pipeline.run(
      layers, inOrder: false, offsets: plan.layers.map(\.lowerBound),
      to: PlacedLayers(at: plan.layers, in: placed))
  }

  /// What goes where.
  private struct Plan {
    /// The places of the layers.
    var layers: [Range<UInt64>] = []
    /// Everything between the layers.
    var pieces: [(offset: UInt64, bytes: [UInt8])] = []
    /// The length of the archive.
    var size: UInt64 = 0

    init(_ members: [TarMember]) throws(Failure) {
      for member in members {
        append(member.header.bytes)
        switch member.content {
        case .none: break
        case .bytes(let bytes): append(bytes)
        case .layer(let layer):
          let (end, isTooLarge) = size.addingReportingOverflow(layer.layer.size)
          guard !isTooLarge, end < UInt64(Int64.max) else {
            throw Failure(.badData, layer.source.name, "sum of layer sizes overflows")
          }
          layers.append(size..<end)
          size = end
        }
        append([UInt8](repeating: 0, count: member.header.padding))
      }
      append([UInt8](repeating: 0, count: 2 * TarHeader.blockSize))
    }

    private mutating func append(_ bytes: [UInt8]) {
      if bytes.isEmpty { return }
      if let last = pieces.last, last.offset + UInt64(last.bytes.count) == size {
        pieces[pieces.count - 1].bytes += bytes
      } else {
        pieces.append((size, bytes))
      }
      size += UInt64(bytes.count)
    }
  }
}

/// Writes layers to their places in a file.
private final class PlacedLayers: LayerReceiver {
  private let output: PlacedOutput
  /// Where the next chunk of each layer belongs.
  private var offsets: [UInt64]
  private var room: [RoomAhead]

  init(at places: [Range<UInt64>], in output: PlacedOutput) {
    offsets = places.map(\.lowerBound)
    room = places.map(RoomAhead.init)
    self.output = output
  }

  func begin(_ number: Int) {}

  func take(_ chunk: Chunk, of number: Int) throws(Failure) {
    let end = offsets[number] + UInt64(chunk.count)
    if let part = room[number].next(upTo: end) { try output.reserve(part) }
    try output.write(chunk.piece, at: offsets[number])
    offsets[number] = end
  }

  func end(_ number: Int) {}
}

/// Writes members to a stream in their order, layers when they are delivered and the others before them.
private final class StreamedMembers: LayerReceiver {
  private let tar: TarOutput
  private var members: ArraySlice<TarMember>

  init(_ members: [TarMember], to tar: TarOutput) {
    self.members = members[...]
    self.tar = tar
  }

  func begin(_ number: Int) throws(Failure) {
    while let member = members.popFirst() {
      if member.layer != nil { return try tar.begin(member.header) }
      try tar.write(member)
    }
  }

  func take(_ chunk: Chunk, of number: Int) throws(Failure) { try tar.put(chunk.piece) }

  func end(_ number: Int) throws(Failure) { try tar.end() }

  /// Writes what stands behind the last layer, and the end of the archive.
  func finish() throws(Failure) {
    for member in members { try tar.write(member) }
    try tar.finish()
  }

  func leaveTruncated() { tar.leaveTruncated() }
}

extension [UInt8] {
  /// Calls a closure with the bytes as a buffer.
  func withBytes(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
    let result = withUnsafeBytes { bytes in Result { () throws(Failure) in try body(bytes) } }
    try result.get()
  }
}
