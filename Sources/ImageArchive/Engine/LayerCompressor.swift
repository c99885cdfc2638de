import Diagnostics
import Digests
import Dispatch
import Gzip
import ImageManifest
import ImageModel

/// Compresses layers into one gzip member each, and verifies them on the way.
///
/// The tar is cut into blocks of a fixed size that are compressed side by side, so that the result depends on the
/// bytes and the level only, not on the number of threads.
final class LayerCompressor {
  private let blocks: [Block]
  private let workers: [DispatchQueue]
  private let hashing = DispatchQueue(label: "img.hash", qos: .userInitiated)

  /// Prepares to compress at a level with a number of threads.
  init(level: CompressionLevel, jobs: Int) throws(Failure) {
    workers = (0..<jobs).map { DispatchQueue(label: "img.deflate.\($0)", qos: .userInitiated) }
    var blocks: [Block] = []
    for _ in 0..<(jobs + 2) { blocks.append(try Block(level: level)) }
    self.blocks = blocks
  }

  /// Compresses one layer; `write` gets the bytes of the gzip member in order.
  ///
  /// - Returns: Digest and size of the member.
  /// - Throws: As ``LayerCopier/copy(_:write:)``.
  func compress(
    _ layer: ArchiveLayer, write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> WrittenLayer {
    let check = LayerCheck(of: layer)
    var member = Member()
    try member.write(GzipFrame.header, write)
    let bytes = try layer.open()
    var filled = 0
    var drained = 0
    // Whatever happens, no block may still be worked on when the next layer fills it.
    defer { for index in drained..<filled { blocks[index % blocks.count].wait() } }
    func drain() throws(Failure) {
      let block = blocks[drained % blocks.count]
      block.wait()
      drained += 1
      try member.write(block, write)
    }
    var isAtEnd = false
    var total: UInt64 = 0
    // More than was promised is no layer of the image; the check says so.
    while !isAtEnd, total <= layer.layer.size {
      if filled - drained == blocks.count { try drain() }
      let block = blocks[filled % blocks.count]
      block.takeHistory(from: filled == 0 ? nil : blocks[(filled - 1) % blocks.count])
      block.count = try layer.read(bytes, into: block.raw)
      isAtEnd = block.count < block.raw.count
      if block.count == 0 { break }
      total += UInt64(block.count)
      filled += 1
      hashing.async { block.hash(check) }
      workers[filled % workers.count].async { block.deflate() }
    }
    while drained < filled { try drain() }
    try check.finish()
    try member.write(member.frame.trailer, write)
    return member.layer
  }

  /// The gzip member that is being written.
  private struct Member {
    var frame = GzipFrame()
    private var hash = SHA256()
    private var size: UInt64 = 0

    var layer: WrittenLayer { WrittenLayer(digest: hash.digest(), size: size, isGzip: true) }

    mutating func write(
      _ bytes: [UInt8], _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
      let result = bytes.withUnsafeBytes { buffer in
        Result { () throws(Failure) in try self.write(buffer, write) }
      }
      try result.get()
    }

    mutating func write(
      _ block: Block, _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
      frame.append(checksum: block.checksum, count: block.count)
      try self.write(try block.result.get(), write)
    }

    private mutating func write(
      _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
      hash.update(bytes)
      size += UInt64(bytes.count)
      try write(bytes)
    }
  }
}

/// The uncompressed size of a block in bytes; part of what decides about the output's bytes.
private let blockSize = 1 << 20

/// A block on its way: filled by one thread, hashed and compressed by two others, written by the first.
///
/// - Note: Unchecked, because who holds it changes hands through queues and a semaphore.
private final class Block: @unchecked Sendable {
  let raw = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 4096)
  var count = 0
  private(set) var checksum: UInt = 0
  private(set) var result: Result<UnsafeRawBufferPointer, Failure> = .success(
    UnsafeRawBufferPointer(start: nil, count: 0))

  private let output: UnsafeMutableRawBufferPointer
  private let history = UnsafeMutableRawBufferPointer.allocate(
    byteCount: blockHistorySize, alignment: 16)
  private var historyCount = 0
  private let deflater: any BlockDeflater
  private let done = DispatchSemaphore(value: 0)

  init(level: CompressionLevel) throws(Failure) {
    deflater = try level.deflater()
    output = .allocate(byteCount: blockCapacity(forBlockOf: raw.count), alignment: 4096)
  }

  deinit {
    raw.deallocate()
    output.deallocate()
    history.deallocate()
  }

  /// Copies the end of the block before this one, which may be filled anew while this one is compressed.
  func takeHistory(from previous: Block?) {
    historyCount = min(previous?.count ?? 0, history.count)
    guard let previous else { return }
    history.copyMemory(
      from: UnsafeRawBufferPointer(rebasing: previous.raw[(previous.count - historyCount)..<previous.count]))
  }

  func hash(_ check: LayerCheck) {
    check.update(UnsafeRawBufferPointer(rebasing: raw[..<count]))
    done.signal()
  }

  func deflate() {
    let block = UnsafeRawBufferPointer(rebasing: raw[..<count])
    checksum = GzipFrame.checksum(of: block)
    do {
      let length = try deflater.deflate(
        block, history: UnsafeRawBufferPointer(rebasing: history[..<historyCount]), into: output)
      result = .success(UnsafeRawBufferPointer(rebasing: output[..<length]))
    } catch {
      result = .failure(error)
    }
    done.signal()
  }

  /// Waits until the block is both hashed and compressed.
  func wait() {
    done.wait()
    done.wait()
  }
}
