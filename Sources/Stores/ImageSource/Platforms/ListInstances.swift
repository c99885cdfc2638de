import Diagnostics
import Digests
import ImageManifest
import ImageModel

/// An image of a list, as its source has it.
public struct ListInstance<Image> {
  /// The entry of the list.
  public let entry: Descriptor
  /// The image.
  public let image: Image
  /// The platform that the list names, else the image's own.
  let platform: Platform?
}

extension PlatformChoice {
  /// The most images of a list that are read.
  private static let maximumInstances = 256

  /// The images to take from a list, in its order, each once.
  ///
  /// `read` gives the image of an entry with its own platform; nil if the source does not have all of it.
  ///
  /// - Throws: A failure of the kind `notFound` if a required platform, or every image, is not there; `badData` for a
  ///   list with too many entries; and what `read` throws.
  public func instances<Image>(
    of list: SourceList, read: (Descriptor) throws(Failure) -> (image: Image, platform: Platform?)?
  ) throws(Failure) -> [ListInstance<Image>] {
    let required = required.map { $0.wanted() }
    let entries = list.images.filter { entry in
      guard !isAll, let platform = entry.platform?.platform else { return true }
      return required.contains { $0.contains(platform) }
    }
    guard entries.count <= PlatformChoice.maximumInstances else {
      throw Failure(.badData, "", "a list of more than \(PlatformChoice.maximumInstances) images")
    }
    var present: [ListInstance<Image>] = []
    for entry in entries {
      // The rest of a list may name a manifest for another platform again.
      guard let found = try read(entry) else { continue }
      present.append(
        ListInstance(
          entry: entry, image: found.image, platform: entry.platform?.platform ?? found.platform))
    }
    var chosen: Set<Digest> = []
    for wanted in required {
      let candidates = present.map { ($0.platform, $0.entry.isZstd) }
      guard let best = bestPosition(among: candidates, for: wanted) else {
        throw absence(of: wanted, in: list, present: present.map(\.platform))
      }
      chosen.insert(present[best].entry.digest)
    }
    var seen: Set<Digest> = []
    let result = present.filter {
      (isAll || chosen.contains($0.entry.digest)) && seen.insert($0.entry.digest).inserted
    }
    if result.isEmpty { throw Failure(.notFound, "", "none of the images of its list is there") }
    return result
  }

  /// The failure if a list has no image for a platform: says which other platforms there are.
  private func absence(of wanted: [Platform], in list: SourceList, present: [Platform?]) -> Failure {
    let listed = list.images.compactMap { $0.platform?.platform }
    guard let platform = wanted.first(where: listed.contains) else {
      return Failure(absent: wanted.first, isListed: false, present: listed, "its list has")
    }
    return Failure(absent: platform, isListed: true, present: present.compactMap(\.self))
  }
}

extension Failure {
  /// The failure if a list has no image for a platform, with the platforms that are there.
  public init(
    absent wanted: Platform?, isListed: Bool, present: [Platform], _ introduction: String = "there is"
  ) {
    let name = wanted.map { "\($0)" } ?? "this platform"
    var reason = isListed ? "the image for \(name) is listed, but not there" : "no image for \(name)"
    let platforms = present.prefix(8).map { "\($0)" }
    if !platforms.isEmpty { reason += "; \(introduction) \(platforms.joined(separator: ", "))" }
    self.init(.notFound, "", reason)
  }
}
