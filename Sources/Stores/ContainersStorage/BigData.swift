import Base64
import Diagnostics
import POSIX

extension ImageEntry {
  /// The largest manifest, config or other item to read, in bytes; the limit of containers/image.
  public static let bigDataLimit = 4 << 20

  /// Reads one of the image's data items; nil if there is none of this name.
  ///
  /// Items are the manifest (`manifest`), further manifests (`manifest-sha256:…`) and the config, named by its
  /// digest.
  public func bigData(_ name: String) throws(Failure) -> [UInt8]? {
    let id = try validated()
    let path = directory.appending(id.description).appending(fileName(ofBigData: name))
    do {
      return try path.contents(limit: ImageEntry.bigDataLimit)
    } catch  where error.isNotFound {
      return nil
    } catch {
      throw error.failure
    }
  }

  /// Reads a data item; a missing one is a failure.
  public func requiredBigData(_ name: String) throws(Failure) -> [UInt8] {
    if let bytes = try bigData(name) { return bytes }
    throw Failure(
      .badData, "image \(id?.short ?? idText)",
      "item \"\(name)\" is missing (consider removing the image to resolve the issue)")
  }
}

/// The file name of a data item: the item's name if it consists of `0-9a-z.`, else `=` and base64.
///
/// Source: containers/storage store.go, makeBigDataBaseName.
func fileName(ofBigData name: String) -> Path {
  let isPlain = name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E }
  return isPlain ? Path(name) : Path([0x3D] + base64Encoded(Array(name.utf8)))
}
