import ImageModel

/// The platforms to read of multi-platform images.
public struct PlatformChoice: Sendable {
  /// The platform of an image that is read alone.
  public let single: PlatformRequest
  /// The platforms that must be there, if lists are read.
  public let required: [PlatformRequest]
  /// Whether every image of a list is read.
  public let isAll: Bool

  /// Chooses one image; of a list, the best for this platform.
  public init(_ single: PlatformRequest) {
    self.single = single
    required = []
    isAll = false
  }

  /// Chooses lists: all of their images, or those for some platforms, which must be there.
  ///
  /// `host` is the platform of images that are looked up by the digest of their config.
  public init(lists required: [PlatformRequest], isAll: Bool, host: PlatformRequest) {
    single = required.first ?? host
    self.required = required
    self.isAll = isAll
  }

  /// Whether lists are read, rather than one image of each.
  public var takesLists: Bool { isAll || required.count > 1 }

  /// Whether an image for a platform may be read.
  public func accepts(_ platform: Platform) -> Bool {
    takesLists ? required.allSatisfy { $0.accepts(platform) } : single.accepts(platform)
  }
}

/// A platform to look for.
public struct PlatformRequest: Sendable {
  /// The platforms to look for in an index, best first.
  public let wanted: @Sendable () -> [Platform]
  /// Whether an image of a platform may be read.
  public let accepts: @Sendable (Platform) -> Bool

  /// Describes a request.
  public init(
    wanted: @escaping @Sendable () -> [Platform],
    accepts: @escaping @Sendable (Platform) -> Bool = { _ in true }
  ) {
    self.wanted = wanted
    self.accepts = accepts
  }

  /// The request for a platform; nil is that of this machine, which any single image satisfies.
  public init(_ platform: Platform?) {
    self.init(
      wanted: { Platform.wanted(platform, host: { .host }) },
      accepts: { own in platform.map { own.matches($0, host: { .host }) } ?? true })
  }
}
