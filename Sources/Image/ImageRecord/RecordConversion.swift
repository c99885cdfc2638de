import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON

extension ImageRecord {
  /// The record with manifest and config in the wanted format, describing the layers as the store delivers them.
  ///
  /// Bytes that need not change are kept; needs no store. A record whose manifest changes says in its member
  /// `converted` which one it had before, and why it has another.
  public func converted(to family: ManifestFamily) throws(Failure) -> ImageRecord {
    try refuseOtherLayers()
    do throws(Failure) {
      let converted = try Manifest(parsing: manifest.bytes).converted(
        to: family, config: config?.bytes, layers: layers.map(\.layer))
      var record = self
      record.manifest = converted.manifest
      record.config = converted.config
      for index in record.layers.indices {
        record.layers[index].mediaType = family == .docker ? .dockerLayer : .ociLayer
      }
      if !converted.changes.isEmpty { try record.note(converted.changes.descriptions, from: self) }
      return record
    } catch {
      throw error.within(title)
    }
  }

  /// Adds the member that tells where a converted manifest comes from; the first conversion's stays.
  private mutating func note(_ changes: [String], from original: ImageRecord) throws(Failure) {
    guard !others.contains(where: { $0.key == Array(Conversion.key.utf8) }) else { return }
    do {
      others.append(
        try RecordMember(Conversion.key) { json in
          json.object { json in
            json.key("manifest")
            json.string(original.manifest.digest.description)
            json.key("reasons")
            json.array { json in
              for change in changes { json.string(change) }
            }
          }
        })
    } catch {
      throw Failure(.internalError, "", "\(error)")
    }
  }

  /// What a conversion to a family did to the manifest, in words.
  public func description(ofConversion converted: ImageRecord, to format: String) -> String {
    let (before, after) = (manifest.digest, converted.manifest.digest)
    let change = before == after ? "kept" : "becomes \(after)"
    return "image \(id), to \(format): manifest \(before), \(manifest.mediaType), \(change)"
  }

  /// What the record says about the conversion of its manifest; nil if there was none.
  public var conversion: Conversion? {
    others.last { $0.key == Array(Conversion.key.utf8) }.flatMap { Conversion($0.value) }
  }
}

/// Where a converted manifest comes from; for reports.
public struct Conversion: Sendable {
  static let key = "converted"

  /// The digest of the manifest before the conversion.
  public let manifest: String
  /// Why it changed, in words.
  public let reasons: [String]

  init?(_ value: JSONValue) {
    guard let manifest = value["manifest"]?.string else { return nil }
    self.manifest = manifest
    reasons = value["reasons"]?.elements.compactMap(\.string) ?? []
  }
}
