import Digests
import Foundation

extension StoreBuilder {
  /// The directory that holds a layer's files.
  public func contentPath(ofLayer id: String) -> String {
    path("\(driver.home)/\(id)" + (driver == .overlay ? "/diff" : ""))
  }

  /// The compressed tar-split file of a layer.
  public func tarSplitPath(ofLayer id: String) -> String {
    path("\(driver)-layers/\(id).tar-split.gz")
  }

  /// The file of a layer's big data item.
  public func bigDataPath(ofLayer id: String, key: String) -> String {
    path("\(driver)-layers/\(id)/\(BigDataItem.fileName(key))")
  }

  /// The file of an image's big data item.
  public func bigDataPath(ofImage id: String, key: String) -> String {
    path("\(driver)-images/\(id)/\(BigDataItem.fileName(key))")
  }
}

/// An item of an image's data directory.
public struct BigDataItem: Sendable {
  /// The key in the image's record.
  public let key: String
  /// The content of the item's file.
  public let bytes: [UInt8]

  /// Creates an item.
  public init(_ key: String, _ bytes: [UInt8]) {
    self.key = key
    self.bytes = bytes
  }

  /// The item's member of `big-data-digests`.
  var digestMember: String { "\(quoted(key)):\(quoted(SHA256.digest(of: bytes).description))" }

  /// The key itself if it has only digits, lower-case letters and dots, else `=` and its base64.
  ///
  /// Source: containers/storage, store.go, makeBigDataBaseName.
  static func fileName(_ key: String) -> String {
    let isPlain = key.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E }
    return isPlain ? key : "=" + Data(key.utf8).base64EncodedString()
  }
}

/// A base layer is named by its digest, any other by the digest of its parent's ID, `+` and its own digest.
///
/// Source: containers/image, storage/storage_dest.go, computeID of layers.
func layerID(of tar: LayerTar, parent: String?) -> String {
  guard let parent else { return tar.diffID.hex }
  return SHA256.digest(of: Array("\(parent)+\(tar.diffID.hex)".utf8)).hex
}
