import Compression
import Diagnostics

#if ISAL
  /// The engines that are faster than zlib; none in a build without the trait `ISAL`.
  public let fastDeflateEngines: [any DeflateEngine] = [ISALEngine()]
#else
  /// The engines that are faster than zlib; none in a build without the trait `ISAL`.
  public let fastDeflateEngines: [any DeflateEngine] = []
#endif

/// Selects the fastest engine of this build to decompress gzip: ISA-L's with the trait `ISAL`, else zlib's.
public func selectFastInflation() {
  #if ISAL
    InflateEngines.select { () throws(Failure) in try ISALInflate() }
  #endif
}
