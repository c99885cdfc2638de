/// Why a manifest differs from the original.
public struct ManifestChanges: OptionSet, Hashable, Sendable {
  /// The reasons as bits.
  public let rawValue: UInt8

  /// Creates a set of reasons from its bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The image was described in the other format.
  public static let format = ManifestChanges(rawValue: 1 << 0)
  /// Layers were described compressed; the store delivers them uncompressed.
  public static let layers = ManifestChanges(rawValue: 1 << 1)
  /// Layers had a media type other than that of a plain tar.
  public static let layerTypes = ManifestChanges(rawValue: 1 << 2)
  /// Layers had annotations that were empty or describe their compressed form.
  public static let layerAnnotations = ManifestChanges(rawValue: 1 << 3)
  /// Layers named URLs to load them from.
  public static let layerURLs = ManifestChanges(rawValue: 1 << 4)
  /// The config was encoded again, which gives the image another ID.
  public static let config = ManifestChanges(rawValue: 1 << 5)

  /// The reasons as texts for display, one each.
  public var descriptions: [String] {
    let texts: [(ManifestChanges, String)] = [
      (.format, "converted to the other format"),
      (.layers, "layers are stored uncompressed"),
      (.layerTypes, "layer media types are those of plain tar"),
      (.layerAnnotations, "annotations about compressed layers dropped"),
      (.layerURLs, "layer URLs dropped"),
      (.config, "config written anew"),
    ]
    return texts.filter { contains($0.0) }.map(\.1)
  }
}
