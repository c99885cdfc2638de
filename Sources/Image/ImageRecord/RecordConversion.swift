import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON

extension ImageRecord {
  /// The record with manifest and config in the wanted format, and its layers as delivered by the store.
  ///
  /// Keeps bytes that need not change; needs no store. If the manifest changes, the member `converted` names
  /// the old one and the reasons.
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

  /// Adds changes to the member `converted`, which names the manifest before the first of them.
  mutating func note(_ changes: [String], from original: ImageRecord) throws(Failure) {
    let earlier = conversion
    let reasons = earlier?.reasons ?? []
    let member: RecordMember
    do {
      member = try RecordMember(Conversion.key) { json in
        json.object { json in
          json.key("manifest")
          json.string(earlier?.manifest ?? original.manifest.digest.description)
          json.key("reasons")
          json.strings(reasons + changes.filter { !reasons.contains($0) })
        }
      }
    } catch {
      throw Failure(.internalError, "", "\(error)")
    }
    if let index = others.lastIndex(where: { $0.key == member.key }) {
      others[index] = member
    } else {
      others.append(member)
    }
  }

  /// The effect of a conversion to a family on the manifest, as text.
  public func description(ofConversion converted: ImageRecord, to format: String) -> String {
    let (before, after) = (manifest.digest, converted.manifest.digest)
    let change = before == after ? "kept" : "becomes \(after)"
    return "image \(id), to \(format): manifest \(before), \(manifest.mediaType), \(change)"
  }

  /// The conversion of the manifest according to the record; nil if there was none.
  public var conversion: Conversion? {
    others.last { $0.key == Array(Conversion.key.utf8) }.flatMap { Conversion($0.value) }
  }
}

/// The origin of a converted manifest, for reports.
public struct Conversion: Sendable {
  static let key = "converted"

  /// The digest of the manifest before the conversion.
  public let manifest: String
  /// Why it changed, as texts.
  public let reasons: [String]

  init?(_ value: JSONValue) {
    guard let manifest = value["manifest"]?.string else { return nil }
    self.manifest = manifest
    reasons = value["reasons"]?.elements.compactMap(\.string) ?? []
  }
}
