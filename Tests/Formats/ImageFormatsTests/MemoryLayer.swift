import Diagnostics
import Digests
import ImageFormats
import ImageModel
import ImageSource
import LayerPipeline
import Outputs

/// A layer of bytes in memory that can fail.
struct MemoryLayer: LayerSource {
  enum Fault: Sendable, Equatable {
    /// It cannot be opened.
    case open
    /// The read that would exceed this many bytes fails.
    case after(Int)
    /// The byte at this index is wrong.
    case flipped(Int)
    /// The layer ends after this many bytes.
    case short(Int)
    /// The layer continues for this many bytes.
    case long(Int)
  }

  let name = "memory"
  let bytes: [UInt8]
  let fault: Fault?

  /// The layer as input of an archive; digest and size are those without the fault.
  static func layer(_ bytes: [UInt8], _ fault: Fault? = nil) -> SourceLayer {
    let layer = Layer(diffID: SHA256.digest(of: bytes), size: UInt64(bytes.count))
    return SourceLayer(layer, .assembled(MemoryLayer(bytes: bytes, fault: fault)))
  }

  func open() throws(Failure) -> any LayerReader {
    if fault == .open { throw Failure(.inputOutput, "layer", "cannot be opened") }
    var delivered = bytes
    switch fault {
    case .flipped(let index): delivered[index] ^= 1
    case .short(let count): delivered = Array(bytes[..<count])
    case .long(let count): delivered += [UInt8](repeating: 1, count: count)
    default: break
    }
    let end: Int? = if case .after(let count) = fault { count } else { nil }
    return Reader(bytes: delivered, failure: end)
  }

  func diagnosis() -> String? { nil }

  private final class Reader: LayerReader {
    private let bytes: [UInt8]
    private let failure: Int?
    private var position = 0

    init(bytes: [UInt8], failure: Int?) {
      self.bytes = bytes
      self.failure = failure
    }

    func next(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> PendingPiece {
      if let failure, failure - position < buffer.count {
        throw Failure(.inputOutput, "layer", "cannot be read")
      }
      let count = min(buffer.count, bytes.count - position)
      buffer.copyBytes(from: bytes[position..<(position + count)])
      position += count
      return PendingPiece(count: count)
    }
  }
}
