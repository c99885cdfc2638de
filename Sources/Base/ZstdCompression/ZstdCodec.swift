#if ZSTD
  import CZstd
  import Compression
  import Diagnostics

  /// Compresses layers to zstd (RFC 8878): one frame for each block, with its size and without checksum.
  ///
  /// Frames know nothing of each other, so blocks are large: at level 3, blocks of 4 MiB make the result 1.5 % larger
  /// than those of 8 MiB, of 512 KiB 8 %. The window of a frame is its block.
  public struct ZstdCodec: Codec {
    /// The level.
    public let level: Int

    /// Compresses at a level.
    ///
    /// - Throws: A ``Diagnostics/Failure`` of the kind `usage` for a number that is not a level.
    public init(level: Int = ZstdMethod.standardLevel) throws(Failure) {
      let levels = ZstdMethod.levels
      guard levels.contains(level) else {
        throw Failure(.usage, "", "\(level) is not between \(levels.lowerBound) and \(levels.upperBound)")
      }
      self.level = level
    }

    /// `zstd` and the version of the library.
    public static var library: String { "zstd \(String(cString: ZSTD_versionString()))" }

    /// The suffix `zstd`.
    public var suffix: String { "zstd" }
    /// `zstd level N`.
    public var description: String { "zstd level \(level)" }
    /// 8 MiB, the largest window that every decoder must support (RFC 8878, 3.1.1.1.2).
    public var blockSize: Int { 1 << ZstdCodec.windowLog }
    /// 0: a frame can be decompressed alone.
    public var historySize: Int { 0 }

    /// The binary logarithm of the size of windows and blocks.
    static let windowLog = 23

    /// What libzstd needs for blocks that do not shrink.
    public func capacity(forBlockOf size: Int) -> Int { ZSTD_compressBound(size) }

    /// A compressor of frames.
    public func encoder() throws(Failure) -> any BlockEncoder { try ZstdEncoder(level: level) }

    /// Nothing: the blocks are frames.
    public func frame() -> any CodecFrame { ZstdFrames() }
  }

  private final class ZstdEncoder: BlockEncoder {
    private let context: OpaquePointer

    init(level: Int) throws(Failure) {
      guard let context = ZSTD_createCCtx() else {
        throw Failure(.internalError, "zstd", "cannot start to compress at level \(level)")
      }
      self.context = context
      _ = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, CInt(level))
      _ = ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, CInt(ZstdCodec.windowLog))
    }

    deinit {
      ZSTD_freeCCtx(context)
    }

    func encode(
      _ block: UnsafeRawBufferPointer, history: UnsafeRawBufferPointer,
      into output: UnsafeMutableRawBufferPointer
    ) throws(Failure) -> EncodedBlock {
      let count = ZSTD_compress2(context, output.baseAddress, output.count, block.baseAddress, block.count)
      guard ZSTD_isError(count) == 0 else {
        throw Failure(
          .internalError, "zstd", "cannot compress a block: \(String(cString: ZSTD_getErrorName(count)))")
      }
      return EncodedBlock(count: count)
    }
  }

  /// Frames in a row.
  private struct ZstdFrames: CodecFrame {
    var header: [UInt8] { [] }
    mutating func append(checksum: UInt32, count: Int) {}
    var trailer: [UInt8] { [] }
  }
#endif
