import CZlib
import Diagnostics
import Glibc
import ISALCompression

@testable import Compression

/// A gzip stream: both engines make the same of it, and neither touches a byte outside of its buffers.
///
/// The first byte selects the sizes of the buffers. The rest is the stream itself or, if the byte is odd, the blocks of
/// one member; the frame around them is made right, since no fuzzer finds a checksum.
public func fuzzGzip(_ bytes: [UInt8]) {
  guard let first = bytes.first else { return }
  let body = Array(bytes.dropFirst())
  let stream = first & 1 == 0 ? body : framed(body)
  let sizes = [1, 3, 17, 1000, 4096, 65536]
  let (inputSize, outputSize) = (sizes[Int(first >> 1) % 6], sizes[Int(first >> 4) % 6])
  guard let zlib = try? Engine(ZlibInflate(), inputSize, outputSize),
    let fast = try? Engine(fastEngine(), inputSize, outputSize)
  else { return }
  let (expected, found) = (zlib.member(stream), fast.member(stream))
  switch (expected, found) {
  case (.tooLong, _), (_, .tooLong): return
  case (.content, _): promise(expected == found, "engines that do not agree")
  // ISA-L takes more than zlib: reserved flags in a header, as Go does, and sets of codes that are not complete. The
  // digests of the content decide.
  case (.damaged, .content), (.damaged, .damaged): break
  }
  // What the engine keeps of one member must not show in the next.
  promise(fast.member(stream) == found, "an engine that depends on what it read before")
  if let text = whole(stream, zlib.engine) {
    promise(whole(stream, fast.engine) == text, "streams that do not agree")
  }
}

private func fastEngine() throws(Failure) -> any InflateEngine {
  #if ISAL
    try ISALInflate()
  #else
    try ZlibInflate()
  #endif
}

/// The most bytes that are made of one input.
private let limit = 1 << 18

/// All members of a stream, as the tools read it; nil if it is damaged or too long.
private func whole(_ stream: [UInt8], _ engine: any InflateEngine) -> [UInt8]? {
  let inflater = Inflater(MemoryBytes(stream), engine)
  var result = [UInt8](repeating: 0, count: limit + 1)
  let count = try? result.withMutableBytes { buffer throws(Failure) in try inflater.read(into: buffer) }
  guard let count, count <= limit else { return nil }
  // The failure of a damaged stream follows the bytes before it.
  var one: [UInt8] = [0]
  let end = try? one.withMutableBytes { buffer throws(Failure) in try inflater.readSome(into: buffer) }
  return end == 0 ? Array(result[..<count]) : nil
}

/// What an engine makes of a member.
private enum Outcome: Equatable {
  case content([UInt8])
  /// Damaged or incomplete.
  case damaged
  case tooLong
}

/// An engine between guard pages.
private struct Engine {
  let engine: any InflateEngine
  let input: GuardedBuffer
  let output: GuardedBuffer

  init(_ engine: any InflateEngine, _ inputSize: Int, _ outputSize: Int) throws(Failure) {
    guard let input = GuardedBuffer(inputSize), let output = GuardedBuffer(outputSize) else {
      throw Failure(.internalError, "", "no memory")
    }
    (self.engine, self.input, self.output) = (engine, input, output)
  }

  /// The content of the first member.
  func member(_ stream: [UInt8]) -> Outcome {
    engine.begin()
    var (position, result) = (0, [] as [UInt8])
    let limit = min(limit, output.bytes.count * 4000)
    while result.count < limit {
      let part = stream[position...].prefix(input.bytes.count)
      let end = UnsafeMutableRawBufferPointer(rebasing: input.bytes.suffix(part.count))
      end.copyBytes(from: part)
      let progress: InflateProgress
      do throws(GzipDamage) {
        progress = try engine.inflate(UnsafeRawBufferPointer(end), into: output.bytes)
      } catch {
        promise(!error.reason.isEmpty, "damage without a reason")
        return .damaged
      }
      promise((0...part.count).contains(progress.consumed), "more input than there is")
      promise((0...output.bytes.count).contains(progress.produced), "more output than fits")
      position += progress.consumed
      result += output.bytes[..<progress.produced]
      if progress.memberEnds { return .content(result) }
      if progress.consumed == 0, progress.produced == 0 { return .damaged }
    }
    return .tooLong
  }
}

/// A buffer that ends at a page that cannot be read, and starts after one if it fills its pages.
private final class GuardedBuffer {
  let bytes: UnsafeMutableRawBufferPointer
  private let mapping: UnsafeMutableRawPointer
  private let length: Int

  init?(_ count: Int) {
    let page = 4096
    let pages = (count + page - 1) / page
    length = (pages + 2) * page
    guard let mapping = mmap(nil, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), mapping != MAP_FAILED,
      mprotect(mapping + page, pages * page, PROT_READ | PROT_WRITE) == 0
    else { return nil }
    self.mapping = mapping
    bytes = UnsafeMutableRawBufferPointer(start: mapping + (pages + 1) * page - count, count: count)
  }

  deinit { munmap(mapping, length) }
}

/// A member of these blocks with a right checksum and length; without them if the blocks do not end.
private func framed(_ blocks: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  guard img_inflate_init(&stream, -15) == Z_OK else { return blocks }
  defer { inflateEnd(&stream) }
  var (checksum, size, used) = (crc32(0, nil, 0), 0, 0)
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  var input = blocks
  var status = Z_OK
  input.withUnsafeMutableBufferPointer { input in
    stream.next_in = input.baseAddress
    stream.avail_in = uInt(input.count)
    repeat {
      buffer.withUnsafeMutableBufferPointer { output in
        stream.next_out = output.baseAddress
        stream.avail_out = uInt(output.count)
        status = inflate(&stream, Z_NO_FLUSH)
        let count = output.count - Int(stream.avail_out)
        checksum = crc32(checksum, output.baseAddress, uInt(count))
        size += count
      }
    } while status == Z_OK && size <= limit
    used = input.count - Int(stream.avail_in)
  }
  let header = GzipFrame().header
  guard status == Z_STREAM_END else { return header + blocks }
  let words = [UInt32(truncatingIfNeeded: checksum), UInt32(truncatingIfNeeded: size)]
  let trailer = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
  return header + blocks[..<used] + trailer
}
