import ImageModel

extension Platform {
  /// The variants of an architecture, from the most capable to the most compatible; empty if it has none.
  private static func variants(of architecture: String) -> [String] {
    switch architecture {
    case "arm": ["v8", "v7", "v6", "v5"]
    case "arm64": ["v8"]
    default: []
    }
  }

  /// The platforms whose programs run on this one, best first.
  ///
  /// An unknown variant matches itself and the architecture without variant.
  /// Source: containers/image internal/pkg/platform, WantedPlatforms.
  public var compatible: [Platform] {
    let known = Platform.variants(of: architecture)
    let variants: [String] =
      if variant.isEmpty {
        [""] + known
      } else if let index = known.firstIndex(of: variant) {
        known[index...] + [""]
      } else {
        [variant, ""]
      }
    return variants.map { Platform(os: os, architecture: architecture, variant: $0) }
  }

  /// The platforms to look for in a list: those for the requested platform, or else for the host.
  ///
  /// The host's variant applies only to the host's architecture.
  public static func wanted(_ platform: Platform?, host: () -> Platform) -> [Platform] {
    guard let platform else { return host().compatible }
    guard platform.os.isEmpty || platform.architecture.isEmpty else { return platform.compatible }
    var wanted = host()
    if !platform.os.isEmpty { wanted.os = platform.os }
    if !platform.architecture.isEmpty {
      wanted.architecture = platform.architecture
      wanted.variant = platform.variant
    }
    return wanted.compatible
  }
}
