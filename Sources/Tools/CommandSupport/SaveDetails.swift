import Compression
import Digests
import ImageArchive
import ImageManifest
import ImageModel
import ImageRecord
import Saving

extension Messages {
  /// Tells what a conversion to a format did to the manifest of a record.
  public func tell(_ record: ImageRecord, became converted: ImageRecord, format: String) {
    let (before, after) = (record.manifest.digest, converted.manifest.digest)
    let change = before == after ? "kept" : "becomes \(after)"
    detail("image \(record.id), to \(format): manifest \(before), \(record.manifest.mediaType), \(change)")
  }

  /// Tells what is going to be saved, and how.
  func tell(_ selection: SaveSelection, _ options: SaveOptions) {
    guard isVerbose else { return }
    let compression =
      switch options.compression {
      case .none: "uncompressed"
      case .gzip(let level): "gzip level \(level.number)"
      }
    let target = options.target.path.map { "\($0)" } ?? "standard output"
    let work = "layers \(compression), \(options.target.threads) threads"
    detail("format \(options.format.rawValue), \(work), to \(target)")
    for record in selection.records {
      detail("image \(record.id), tags: \(record.tags.isEmpty ? "none" : record.tags.joined(separator: " "))")
      detail(
        "manifest \(record.manifest.digest), \(record.manifest.mediaType), \(record.manifest.bytes.count) bytes"
      )
      if let config = record.config { detail("config \(config.digest), \(config.bytes.count) bytes") }
      for layer in record.layers {
        detail("layer \(layer.layer.diffID), \(layer.layer.size) bytes, stored as \(layer.storageLayer)")
      }
    }
  }

  /// Tells what was written.
  func tell(_ written: WrittenArchive) {
    guard isVerbose else { return }
    for image in written.images {
      for layer in image.layers {
        detail("wrote layer \(layer.digest), \(layer.size) bytes\(layer.isGzip ? ", gzip" : "")")
      }
      if let manifest = image.manifest { detail("wrote manifest \(manifest.digest)") }
    }
    if let output = written.output { detail("wrote \(output.size) bytes, \(output.digest)") }
  }
}
