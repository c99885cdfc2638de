import Diagnostics
import Digests
import ImageFormats
import ImageManifest
import ImageModel
import ImageSource

/// A format for tests: the layers, and a list of the written layers.
struct ListFormat: ImageFormat {
  var name: String { "list" }
  var family: ManifestFamily? { .docker }
  var container: Container { .archive(TarStyle(fileMode: 0o600)) }
  var severalImages: SeveralImages { .always }
  var holdsNames: Bool { false }
  var compression: FormatCompression { .onRequest }

  func entries(of images: [FormatImage], in context: FormatContext) throws(Failure) -> [Entry] {
    let layers = images.writtenLayers.map { Entry.layer($0) { "layers/\($0.hex)" } }
    let list = Entry.deferred(name: "list") { written throws(Failure) in
      var lines = ""
      for image in images {
        for layer in try written.layers(of: image) {
          lines += "\(layer.digest) \(layer.size) \(layer.compression ?? "tar")\n"
        }
      }
      return ("list", Array(lines.utf8))
    }
    return [.directory("layers/")] + layers + [list, .link("latest", target: "list")]
  }

  func manifest(of image: FormatImage, layers: [WrittenLayer]) throws(Failure) -> Blob? { nil }
}
