import Diagnostics
import POSIX

/// How the engine of each ``Inflater`` is made: zlib's, unless a tool has a faster one.
///
/// For the whole process: which engine decompresses makes no difference but the time, and a tool that links no other
/// library than zlib needs no choice.
public enum InflateEngines {
  /// Makes an engine.
  public typealias Maker = @Sendable () throws(Failure) -> any InflateEngine

  private static let selected = Lock<Maker?>(nil)

  /// Selects another engine, before anything is decompressed.
  public static func select(_ maker: @escaping Maker) {
    selected.withLock { $0 = maker }
  }

  /// Makes an engine of the selected kind.
  static func make() throws(Failure) -> any InflateEngine {
    let maker = selected.withLock { $0 }
    if let maker { return try maker() }
    return try ZlibInflate()
  }
}
