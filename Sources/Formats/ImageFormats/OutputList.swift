import Digests
import ImageManifest
import ImageModel

/// The list that an image of an output is in.
public struct OutputList: Sendable {
  /// The number of the list in the output; its images follow one another, with the same names.
  public let number: Int
  /// The list as the source has it.
  public let source: SourceList
  /// The digest of the image's manifest in the source's list.
  public let instance: Digest
  /// The platform after an edit; nil if it is that of the source's list.
  public let platform: Platform?
  /// Whether the image stands for the list where only one image fits: that for the host, else the first.
  public let isFirstChoice: Bool

  /// Describes the place of an image in a list.
  public init(
    number: Int, source: SourceList, instance: Digest, platform: Platform?, isFirstChoice: Bool
  ) {
    self.number = number
    self.source = source
    self.instance = instance
    self.platform = platform
    self.isFirstChoice = isFirstChoice
  }
}

extension FormatImage {
  /// The platform of an image of a list, as the list names it, or after an edit; nil if it does not.
  var platform: String? {
    guard let list else { return nil }
    return list.platform.map { "\($0)" }
      ?? list.source.entries.first { $0.digest == list.instance }?.platform?.description
  }
}
