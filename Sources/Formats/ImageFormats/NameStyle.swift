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

  /// The style for images in a layout: containers/image's own for one image with one name, and no list.
  ///
  /// If several images were asked for, full names also join a layout that `hasImages`, and names that
  /// containers/image refuses.
  init(for images: [FormatImage], _ options: FormatOptions, hasImages: Bool = false) {
    let needsFullNames =
      hasImages || images.flatMap(\.tags).contains { !ImageReference.isValidOCIReferenceName($0) }
    let isAlone = images.entryCount <= 1 && !images.contains { $0.list != nil }
    self = !isAlone || options.isMultiImage && needsFullNames ? .everyLoader : .podman
  }

  /// The names of each image or list, in order.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `badData` for a name of two images, and of the kind `usage` for
  ///   a name that the style cannot hold.
  func names(of images: [NamedManifest]) throws(Failure) -> [[IndexName]] {
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
        let names = image.tags.isEmpty ? [image.name].compactMap(\.self) : image.tags
        return try names.map { name throws(Failure) in
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

  /// The names that are not written, and those that do not select an image.
  ///
  /// `transport`: how a program of containers/image names the output to select an image in it; nil if it selects
  /// by another annotation.
  func notes(on images: [FormatImage], transport: String? = nil) -> [String] {
    guard case .everyLoader = self else { return [] }
    var notes: [String] = []
    for image in NamedManifest.all(of: images) {
      if image.tags.isEmpty, let name = image.name {
        notes.append("\(name): written without this name, which is no tag (--tag gives the image one)")
      }
      for tag in image.tags where !ImageReference.isValidOCIReferenceName(tag) {
        if let transport {
          notes.append("\(tag): loads under this name, but \(transport):NAME does not select it")
        }
      }
    }
    return notes
  }
}

extension [FormatImage] {
  /// The number of entries in an index: one for each name, and one for each image or list without a name.
  var entryCount: Int { NamedManifest.all(of: self).reduce(0) { $0 + Swift.max(1, $1.tags.count) } }
}
