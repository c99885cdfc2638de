#if ISAL
  import CISAL
  import Compression
  import Diagnostics

  /// Decompresses with Intel's ISA-L: two to three times faster than zlib.
  public final class ISALInflate: InflateEngine {
    private let state: UnsafeMutableRawPointer

    /// Creates the engine.
    public init() throws(Failure) {
      guard let state = img_isal_inflate_new() else {
        throw Failure(.internalError, "ISA-L", "cannot start to decompress")
      }
      self.state = state
    }

    deinit {
      img_isal_inflate_free(state)
    }

    /// Starts at the header of a member.
    public func begin() { img_isal_inflate_begin(state) }

    /// Decompresses until the input is used, the output is full or the member ends.
    public func inflate(
      _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(GzipDamage) -> InflateProgress {
      var inputLeft = UInt32(input.count)
      var outputLeft = UInt32(output.count)
      let result = img_isal_inflate(
        state, input.baseAddress?.assumingMemoryBound(to: UInt8.self), &inputLeft,
        output.baseAddress?.assumingMemoryBound(to: UInt8.self), &outputLeft)
      if result < 0 { throw GzipDamage(ISALInflate.reason(result)) }
      return InflateProgress(
        consumed: input.count - Int(inputLeft), produced: output.count - Int(outputLeft),
        memberEnds: result == 1)
    }

    /// The words of zlib for an error.
    private static func reason(_ result: Int32) -> String {
      switch result {
      case ISAL_INVALID_BLOCK: "invalid block type"
      case ISAL_INVALID_SYMBOL: "invalid code"
      case ISAL_INVALID_LOOKBACK: "invalid distance too far back"
      case ISAL_INVALID_WRAPPER: "incorrect header check"
      case ISAL_UNSUPPORTED_METHOD: "unknown compression method"
      case ISAL_INCORRECT_CHECKSUM: "incorrect data check"
      default: "damaged"
      }
    }
  }
#endif
