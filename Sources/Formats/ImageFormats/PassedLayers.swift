import Compression
import Digests
import ImageManifest
import ImageModel
import ImageSource

extension ImageFormat {
  /// The layers whose blobs the output takes as they are: so manifests and their digests stay what they were.
  ///
  /// A blob passes unless a compression is asked for, or the kind of manifest of one of its images has no media
  /// type for it.
  func passableLayers(of images: [FormatImage], _ options: FormatOptions) -> Set<Layer> {
    if compression == .never { return [] }
    var passing: Set<Layer> = []
    var refused: Set<Layer> = []
    for image in images {
      let family = family(for: image.manifest.mediaType)
      for layer in image.layers where layer.passingBlob != nil {
        let suffix = layer.layer.blobSuffix
        let isWanted = options.keepsCompression || options.codec?.suffix == suffix
        if isWanted, family.hasType(forCompression: suffix) {
          passing.insert(layer.layer)
        } else {
          refused.insert(layer.layer)
        }
      }
    }
    return passing.subtracting(refused)
  }
}

extension [FormatImage] {
  /// The images with one content for each layer that several have, whatever their sources.
  ///
  /// A layer in `passing` is its blob. Any other layer is that of the same diffID that is passed on, if there is one,
  /// else the first of the same diffID.
  func sharingLayers(passing: Set<Layer>) -> [FormatImage] {
    var shared: [Digest: SourceLayer] = [:]
    for layer in flatMap(\.layers) where passing.contains(layer.layer) && shared[layer.layer.diffID] == nil {
      shared[layer.layer.diffID] = layer.passingBlob
    }
    return map { image in
      var image = image
      for (index, layer) in image.layers.enumerated() where !layer.isAbsent {
        if passing.contains(layer.layer) {
          image.layers[index] = layer.passingBlob ?? layer
        } else if let other = shared[layer.layer.diffID] {
          image.layers[index] = other
        } else {
          shared[layer.layer.diffID] = layer
        }
      }
      return image
    }
  }
}
