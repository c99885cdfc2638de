import Diagnostics
import ImageManifest
import ImageModel

/// The image of a directory as the transport `dir:` writes it.
///
/// Source: containers/image, directory/directory_src.go.
enum DirectoryImages {
  /// Lists the only image, which has no name.
  static func list(_ files: any NamedFiles) throws(Failure) -> [ListedImage] {
    guard let bytes = try files.contents(of: "manifest.json", limit: FileLimit.document) else {
      let isLayout = try files.find("index.json") != nil
      throw Failure(
        .badData, files.name, "no manifest.json" + (isLayout ? "; it has index.json: use oci:" : ""))
    }
    guard bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) != UInt8(ascii: "[") else {
      throw Failure(.badData, files.name, "an unpacked docker-archive: pack it again, and use docker-archive:")
    }
    let blobs = BlobFiles.directory(files)
    return [
      ListedImage(
        positions: [0], isOther: { false },
        read: { choice throws(Failure) in
          try IndexImages(blobs: blobs, choice: choice).images(bytes)
        })
    ]
  }
}
