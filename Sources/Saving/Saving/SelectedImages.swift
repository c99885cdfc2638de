import Digests
import ImageManifest
import ImageModel
import ImageRecord

/// The records of one image, or of the images of one list, which follow one another.
struct SelectedImages {
  /// The records; one without a list.
  var records: [ImageRecord]

  /// Groups records: those in sequence with the same list and the same names are one list again.
  static func all(in records: [ImageRecord]) -> [SelectedImages] {
    var result: [SelectedImages] = []
    for record in records {
      if result.last?.takes(record) ?? false {
        result[result.count - 1].records.append(record)
      } else {
        result.append(SelectedImages(records: [record]))
      }
    }
    return result
  }

  /// The digest of the list; nil for an image alone.
  private var list: Digest? { records[0].index?.list.blob.digest }

  private func takes(_ record: ImageRecord) -> Bool {
    guard let index = record.index, index.list.blob.digest == list else { return false }
    return record.tags == records[0].tags && record.name == records[0].name
      && !records.contains { $0.index?.instance == index.instance }
  }

  /// Whether two names mean the same: an image alone with the same ID, or the same images of one list.
  func isSame(as other: SelectedImages) -> Bool {
    guard list == other.list, records.count == other.records.count else { return false }
    return zip(records, other.records).allSatisfy { record, other in
      record.id == other.id
        && (list == nil || record.manifest.digest == other.manifest.digest)
        && record.index?.instance == other.index?.instance
    }
  }
}
