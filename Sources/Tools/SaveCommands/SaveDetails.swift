import CommandSupport
import Compression
import Digests
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import Outputs
import Saving

extension Messages {
  /// Prints what will be saved, and how.
  func show(_ selection: SaveSelection, _ job: SaveJob) {
    guard isVerbose else { return }
    let compression = job.options.codec?.description ?? "uncompressed"
    let target = job.target.path.map { "\($0)" } ?? "standard output"
    detail("format \(job.format.name), layers \(compression), \(job.threads) threads, to \(target)")
    for record in selection.records {
      detail("image \(record.id), tags: \(record.tags.isEmpty ? "none" : record.tags.joined(separator: " "))")
      detail(
        "manifest \(record.manifest.digest), \(record.manifest.mediaType), \(record.manifest.bytes.count) bytes"
      )
      if let config = record.config { detail("config \(config.digest), \(config.bytes.count) bytes") }
      for layer in record.layers {
        let size = layer.layer.size.map { "\($0) bytes" } ?? "size not known"
        detail("layer \(layer.layer.diffID), \(size), at \(layer.locator)")
      }
    }
  }

  /// Prints what was written.
  func show(_ written: WrittenOutput) {
    guard isVerbose else { return }
    for image in written.images {
      for layer in image.layers {
        detail("wrote layer \(layer.digest), \(layer.size) bytes\(layer.compression.map { ", \($0)" } ?? "")")
      }
      if let manifest = image.manifest { detail("wrote manifest \(manifest.digest)") }
    }
    for list in written.lists { detail("wrote list \(list.digest), \(list.mediaType)") }
    if let output = written.output { detail("wrote \(output.size) bytes, \(output.digest)") }
  }
}
