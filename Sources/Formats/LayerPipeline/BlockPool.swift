/// Memory for the bytes of large blocks, lent to the chunks of all slots.
///
/// ``PipelineState`` limits how many are lent at a time; the pool never has more than were.
final class BlockPool: Sendable {
  private let size: Int
  private let spare = Monitor<[Memory]>([])

  /// - Note: Unchecked, because one thread at a time has it.
  private struct Memory: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer
  }

  /// Creates an empty pool of blocks of a size in bytes.
  init(size: Int) { self.size = size }

  deinit {
    for memory in spare.change({ $0 }) { memory.bytes.deallocate() }
  }

  /// Lends memory of the size; the block used last is still in the processor's cache.
  func take() -> UnsafeMutableRawBufferPointer {
    spare.change { $0.popLast() }?.bytes ?? .allocate(byteCount: size, alignment: 4096)
  }

  /// Takes memory back.
  func give(_ bytes: UnsafeMutableRawBufferPointer) { spare.change { $0.append(Memory(bytes: bytes)) } }
}
