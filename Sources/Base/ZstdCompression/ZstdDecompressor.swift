#if ZSTD
  import CZstd
  import Compression
  import Diagnostics

  /// Decompresses zstd (RFC 8878) from any source; several frames in a row are one stream.
  ///
  /// Skips skippable frames. Refuses frames that need a window of more than 128 MiB, as zstd(1) does unless asked. A
  /// stream that ends early is an error.
  public final class ZstdDecompressor: ByteSource {
    private let source: any ByteSource
    private let context: OpaquePointer
    private let input: UnsafeMutableRawBufferPointer
    /// The bytes of `input` that were read and not decompressed yet.
    private var pending = 0..<0
    /// Whether the bytes so far end inside of a frame.
    private var isInside = false
    private var isAtEnd = false
    /// A failure after the bytes that were returned.
    private var failure: Failure?

    /// Decompresses the bytes of a source.
    public init(_ source: any ByteSource) throws(Failure) {
      guard let context = ZSTD_createDCtx() else {
        throw Failure(.internalError, source.name, "zstd cannot start")
      }
      self.source = source
      self.context = context
      input = .allocate(byteCount: ZSTD_DStreamInSize(), alignment: 16)
      _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)
    }

    deinit {
      ZSTD_freeDCtx(context)
      input.deallocate()
    }

    /// The name of the compressed source.
    public var name: String { source.name }

    /// Fills a buffer with decompressed bytes; returns their number, less than the buffer's only at the end.
    public func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
      if let failure { throw failure }
      var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
      do throws(Failure) {
        while output.pos < output.size, !isAtEnd {
          // After a full buffer, the decoder may hold bytes although the input is used up: ask it first.
          if try decompress(&output) { continue }
          try refill()
        }
      } catch {
        failure = error
        if output.pos == 0 { throw error }
      }
      return output.pos
    }

    /// Decompresses what is pending; returns whether anything came of it.
    private func decompress(_ output: inout ZSTD_outBuffer) throws(Failure) -> Bool {
      if pending.isEmpty, !isInside { return false }
      var chunk = ZSTD_inBuffer(src: input.baseAddress, size: pending.upperBound, pos: pending.lowerBound)
      let before = output.pos
      let result = ZSTD_decompressStream(context, &output, &chunk)
      if ZSTD_isError(result) != 0 { throw damaged(String(cString: ZSTD_getErrorName(result))) }
      let hasProgress = output.pos > before || chunk.pos > pending.lowerBound
      pending = chunk.pos..<pending.upperBound
      isInside = result != 0
      return hasProgress
    }

    private func refill() throws(Failure) {
      let count = try source.readSome(into: input)
      pending = 0..<count
      guard count == 0 else { return }
      if isInside { throw damaged("unexpected end") }
      isAtEnd = true
    }

    private func damaged(_ reason: String) -> Failure { Failure(.badData, name, "zstd: \(reason)") }
  }
#endif
