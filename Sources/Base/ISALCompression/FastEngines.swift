import Compression

#if ISAL
  /// The engines that are faster than zlib; none in a build without the trait `ISAL`.
  public let fastDeflateEngines: [any DeflateEngine] = [ISALEngine()]
#else
  /// The engines that are faster than zlib; none in a build without the trait `ISAL`.
  public let fastDeflateEngines: [any DeflateEngine] = []
#endif
