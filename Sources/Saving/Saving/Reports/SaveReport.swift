import Digests
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import JSON
import Outputs
import POSIX

/// The result of a save as one line of JSON: the option `--report`.
public struct SaveReport: Sendable {
  private let selection: SaveSelection
  private let job: SaveJob
  private let written: WrittenOutput

  /// The report of a successful save.
  public init(_ selection: SaveSelection, _ job: SaveJob, _ written: WrittenOutput) {
    self.selection = selection
    self.job = job
    self.written = written
  }

  /// The report, including the line feed.
  public var line: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("schema")
      json.string("img-report/1")
      json.key("format")
      json.string(job.format.name)
      json.key("path")
      json.string(job.target.path.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "-")
      if let output = written.output {
        json.key("size")
        json.integer(output.size)
        json.key("sha256")
        json.string(output.digest.hex)
      }
      json.key("images")
      json.array { json in
        for (index, (record, image)) in zip(selection.records, written.images).enumerated() {
          json.object { json in
            json.image(record, image, present: written.present, omission: written.omissions[index])
          }
        }
      }
      json.lists(written.outlines, written: written.lists.map(\.digest))
      if written.omissions.contains(where: { $0.chain != nil }) {
        json.key("saved")
        if let saved = written.saved { json.integer(saved) } else { json.null() }
      }
    }
    return json.bytes + [0x0A]
  }
}

extension JSONWriter {
  fileprivate mutating func image(
    _ record: ImageRecord, _ written: WrittenImage, present: Set<Digest>, omission: Omission
  ) {
    key("id")
    string(record.id)
    key("tags")
    strings(record.tags)
    key("manifest")
    object { json in
      json.key("before")
      json.string(record.conversion?.manifest ?? record.manifest.digest.description)
      json.key("after")
      if let manifest = written.manifest { json.string(manifest.digest.description) } else { json.null() }
      json.key("reasons")
      json.strings(record.reasons(for: written))
    }
    key("layers")
    array { json in
      for (index, (layer, written)) in zip(record.layers, written.layers).enumerated() {
        json.object { json in
          json.key("before")
          json.string(layer.layer.diffID.description)
          json.key("after")
          json.string(written.digest.description)
          json.key("size")
          json.integer(written.size)
          if omission.layers[index] {
            json.key("absent")
            json.boolean(true)
          } else if present.contains(written.digest) {
            json.key("present")
            json.boolean(true)
          }
        }
      }
    }
    if let chain = omission.chain {
      key("needs")
      string(chain.description)
    }
    key("loads")
    array { json in
      for loaded in written.loads { json.object { json in json.loaded(loaded) } }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func loaded(_ image: LoadedImage) {
    key("loader")
    string(image.loader.rawValue)
    key("id")
    if let id = image.id { string(id.description) } else { null() }
    key("digest")
    if let digest = image.digest { string(digest.description) } else { null() }
  }
}

extension ImageRecord {
  /// Why the manifest in the output differs from the one in the store.
  fileprivate func reasons(for written: WrittenImage) -> [String] {
    guard let after = written.manifest else { return ["the format has no manifest of its own"] }
    let isCompressed = written.layers.contains { $0.compression != nil }
    let layers =
      after.digest == manifest.digest ? [] : [isCompressed ? "layers compressed" : "layers decompressed"]
    return (conversion?.reasons ?? []) + layers
  }
}
