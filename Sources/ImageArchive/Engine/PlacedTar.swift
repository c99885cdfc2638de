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
  func write(to output: any ArchiveOutput) throws(Failure) {
    if let placed = output.placed {
      try write(to: placed)
    } else {
      try write(toStream: output)
    }
  }

  private func write(toStream output: any ArchiveOutput) throws(Failure) {
    let tar = TarOutput(output)
    let copier = LayerCopier()
    do throws(Failure) {
      for member in members {
        if case .layer(let layer) = member.content {
          try tar.write(member.header) { write throws(Failure) in try copier.copy(layer, write: write) }
        } else {
          try tar.write(member)
        }
      }
    } catch {
      tar.leaveTruncated()
      throw error
    }
    try tar.end()
  }

  private func write(to output: PlacedOutput) throws(Failure) {
    let plan = Plan(members)
    try output.reserve(plan.size)
    for piece in plan.pieces {
      try piece.bytes.withBytes { bytes throws(Failure) in try output.write(bytes, at: piece.offset) }
    }
    try LayerLanes.copy(plan.layers.map { LayerLanes.Job(layer: $0.layer, output: output, offset: $0.offset) })
  }

  /// What goes where.
  private struct Plan {
    /// The layers and the offsets of their first bytes.
    var layers: [(layer: ArchiveLayer, offset: UInt64)] = []
    /// Everything between the layers.
    var pieces: [(offset: UInt64, bytes: [UInt8])] = []
    /// The length of the archive.
    var size: UInt64 = 0

    init(_ members: [TarMember]) {
      for member in members {
        append(member.header.bytes)
        switch member.content {
        case .none: break
        case .bytes(let bytes): append(bytes)
        case .layer(let layer):
          layers.append((layer, size))
          size += layer.layer.size
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

extension [UInt8] {
  /// Calls a closure with the bytes as a buffer.
  func withBytes(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
    let result = withUnsafeBytes { bytes in Result { () throws(Failure) in try body(bytes) } }
    try result.get()
  }
}
