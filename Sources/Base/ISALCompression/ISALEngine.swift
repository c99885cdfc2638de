#if ISAL
  import CISAL
  import Compression
  import Diagnostics

  /// Compresses with Intel's ISA-L at the fast levels: several times faster than zlib at a similar size.
  public struct ISALEngine: DeflateEngine {
    /// Creates the engine.
    public init() {}

    /// `ISA-L` and its version.
    public var name: String { "ISA-L \(ISAL_MAJOR_VERSION).\(ISAL_MINOR_VERSION)" }
    /// The levels of ISA-L.
    public var levels: ClosedRange<Int> { 1...3 }

    /// A compressor at a level.
    public func encoder(level: Int) throws(Failure) -> any BlockEncoder { try ISALEncoder(level: level) }
  }

  private final class ISALEncoder: BlockEncoder {
    private let stream: UnsafeMutableRawPointer

    init(level: Int) throws(Failure) {
      guard let stream = img_isal_new(UInt32(level)) else {
        throw Failure(.internalError, "ISA-L", "cannot start to compress at level \(level)")
      }
      self.stream = stream
    }

    deinit {
      img_isal_free(stream)
    }

    func encode(
      _ block: UnsafeRawBufferPointer, history: UnsafeRawBufferPointer,
      into output: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> EncodedBlock {
      let bytes = block.baseAddress?.assumingMemoryBound(to: UInt8.self)
      let count = img_isal_deflate(
        stream, bytes, UInt32(block.count), history.baseAddress?.assumingMemoryBound(to: UInt8.self),
        UInt32(history.count), output.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(output.count))
      guard count >= 0 else { throw Failure(.internalError, "ISA-L", "cannot compress a block") }
      return EncodedBlock(count: Int(count), checksum: crc32_gzip_refl(0, bytes, UInt64(block.count)))
    }
  }
#endif
