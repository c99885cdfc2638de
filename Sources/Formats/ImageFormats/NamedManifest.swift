import ImageManifest
import ImageModel

/// An image with its names, or the images of a list: what an index has under its names.
struct NamedManifest: Sendable {
  /// The images; one without a list.
  private(set) var images: [FormatImage]

  /// An image apart from its list.
  init(_ image: FormatImage) {
    var alone = image
    alone.list = nil
    images = [alone]
  }

  private init(images: [FormatImage]) {
    self.images = images
  }

  /// The image whose names are those of all.
  private var first: FormatImage { images[0] }
  /// The names in the output.
  var tags: [String] { first.tags }
  /// The name of an image without tags.
  var name: String? { first.name }
  /// The list; nil for an image alone.
  var list: SourceList? { first.list?.source }
  /// The image where only one fits.
  var firstChoice: FormatImage { images.first { $0.list?.isFirstChoice == true } ?? first }

  /// Groups the images of an output.
  static func all(of images: [FormatImage]) -> [NamedManifest] {
    var result: [NamedManifest] = []
    for image in images {
      if let list = image.list, let last = result.last, last.first.list?.number == list.number {
        result[result.count - 1].images.append(image)
      } else {
        result.append(NamedManifest(images: [image]))
      }
    }
    return result
  }

  /// The list or the manifest for images with these manifests and layers as written.
  func blob(_ written: [(manifest: Blob, layers: [WrittenLayer])]) -> Blob {
    guard let list else { return written[0].manifest }
    return list.listing(
      zip(images, written).compactMap { image, written in
        image.list.map { place in
          WrittenInstance(
            instance: place.instance, manifest: written.manifest, platform: place.platform,
            isZstd: !written.layers.isEmpty && written.layers.allSatisfy { $0.compression == "zstd" })
        }
      })
  }

  /// What the source's list has and the output lacks, as a note; nil if that is nothing.
  var note: String? {
    list?.note(title: tags.first ?? name ?? "a list", on: images.compactMap { $0.list?.instance })
  }
}
