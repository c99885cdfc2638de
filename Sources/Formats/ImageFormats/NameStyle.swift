import Diagnostics
import ImageManifest
import ImageReference

/// How an OCI layout holds the names of images.
///
/// Loaders read different annotations of the index, and reduce names in different ways: only a full name in both
/// annotations is the same name for all of them. podman itself writes one.
enum NameStyle {
  /// The annotation of containers/image, with any name that its grammar allows.
  case podman
  /// Full names with tags in both annotations, or only in containerd's if the grammar of the other forbids the name.
  case everyLoader

  /// The style for images in a layout: containers/image's own for one image with one name.
  ///
  /// `isGrowing`: several images were asked for, and the layout has images already.
  init(for images: [FormatImage], isGrowing: Bool) {
    let count = images.reduce(0) { $0 + max(1, $1.tags.count) }
    self = count > 1 || isGrowing ? .everyLoader : .podman
  }

  /// The names of each image, in order.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `badData` for a name of two images, and of the kind `usage` for
  ///   a name that the style cannot hold.
  func names(of images: [FormatImage]) throws(Failure) -> [[IndexName]] {
    var owners: [String: Int] = [:]
    for (number, image) in images.enumerated() {
      for tag in image.tags {
        if let owner = owners[tag], owner != number {
          throw Failure(.badData, tag, "is the name of two images; a loader would keep one of them")
        }
        owners[tag] = number
      }
    }
    return try images.map { image throws(Failure) in
      switch self {
      case .podman:
        return try image.referenceNames.map { name throws(Failure) in
          guard ImageReference.isValidOCIReferenceName(name) else {
            throw Failure(.usage, "", "Invalid image \(name)")
          }
          return IndexName(name, in: .reference)
        }
      case .everyLoader:
        return image.tags.map { tag in
          IndexName(tag, in: ImageReference.isValidOCIReferenceName(tag) ? .both : .containerd)
        }
      }
    }
  }
}
