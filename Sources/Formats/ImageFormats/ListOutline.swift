import Digests
import ImageManifest
import ImageModel

/// A list of an output before it is written.
public struct ListOutline: Sendable {
  /// The names in the output.
  public let tags: [String]
  /// The digest of the source's list.
  public let source: Digest
  /// The positions of its images among those of the output.
  public let images: Range<Int>
  /// The platforms of these images, as the list names them; empty if it does not.
  public let platforms: [String]
  /// The platforms of the source's list that the output lacks.
  public let absentPlatforms: [String]
}

extension ListOutline {
  /// The lists of an output.
  static func all(of items: [NamedManifest]) -> [ListOutline] {
    var lists: [ListOutline] = []
    var next = 0
    for item in items {
      let positions = next..<(next + item.images.count)
      next = positions.upperBound
      guard let list = item.list else { continue }
      lists.append(
        ListOutline(
          tags: item.tags, source: list.blob.digest, images: positions,
          platforms: item.images.map { $0.platform ?? "" },
          absentPlatforms: list.platforms(besides: item.images.compactMap { $0.list?.instance })))
    }
    return lists
  }
}
