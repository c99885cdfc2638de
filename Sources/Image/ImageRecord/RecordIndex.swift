import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON

/// The list that an image is written with: records in sequence with the same list become one list again.
public struct RecordIndex: Sendable {
  /// The list as the source has it.
  public var list: SourceList
  /// The digest of the image's manifest in the list, whatever became of the manifest since.
  public var instance: Digest
  /// The platform after an edit; nil if it is that of the list.
  public var platform: Platform?

  /// Creates the member from its parts.
  public init(list: SourceList, instance: Digest, platform: Platform? = nil) {
    self.list = list
    self.instance = instance
    self.platform = platform
  }

  /// The entry of the image.
  public var entry: Descriptor? { list.entries.first { $0.digest == instance } }

  /// Reads the member; the list must have an entry for the image.
  init(_ fields: RecordObject, of manifest: Blob) throws(Failure) {
    let blob = try fields.blob("index")
    let members = try fields.object("index")
    do throws(Failure) {
      list = try SourceList(parsing: blob.bytes)
      instance = try members.digest("instance")
      platform = nil
      if members.has("platform") {
        let fields = try members.object("platform")
        platform = Platform(
          os: try fields.string("os"), architecture: try fields.string("architecture"),
          variant: try fields.optionalString("variant") ?? "")
      }
      guard blob.mediaType == list.blob.mediaType else {
        throw Failure(.badData, "mediaType", "the data is of the type \(list.blob.mediaType)")
      }
      guard let entry else { throw Failure(.badData, "instance", "the list does not have \(instance)") }
      if manifest.digest == instance, UInt64(manifest.bytes.count) != entry.size {
        throw Failure(.badData, "instance", "the list says that it has \(entry.size) bytes")
      }
    } catch {
      throw error.within("index")
    }
  }

  /// Writes the members; shortens the data for display.
  func write(to json: inout JSONWriter, dataLimit: Int) {
    json.object { json in
      json.members(of: list.blob, dataLimit)
      json.key("instance")
      json.string(instance.description)
      if let platform {
        json.key("platform")
        json.platform(platform)
      }
    }
  }
}
