import Digests
import ImageManifest
import ImageModel
import JSON

@testable import ImageRecord

/// An edited record; or a config, a NUL, the edited config and, after another NUL, annotations.
///
/// What is amended is an image: config, manifest and ID agree, the config is the edited one, and nothing is left to
/// apply. Without an edit, no byte changes.
public func fuzzAmend(_ bytes: [UInt8]) {
  guard bytes.contains(0) else {
    for record in (try? ImageRecord.records(in: bytes, acceptingEdits: true)) ?? [] { amend(record) }
    return
  }
  let (config, edits) = halves(bytes)
  let (content, annotations) = halves(edits)
  for isDocker in [false, true] {
    guard let record = record(config, isDocker: isDocker) else { continue }
    if let unedited = try? record.addingContent() {
      let again = try? ImageRecord.records(in: unedited.line, acceptingEdits: true).first
      promise(again != nil, "a record with content that cannot be read")
      promise((try? again?.amended())?.line == record.line, "a record that changes without an edit")
    }
    let line = edited(record, content, annotations)
    for record in (try? ImageRecord.records(in: line, acceptingEdits: true)) ?? [] { amend(record) }
  }
}

private func amend(_ record: ImageRecord) {
  _ = record.roundedNumbers
  guard let amended = try? record.amended() else { return }
  promise(
    (try? ImageRecord.records(in: amended.line))?.first?.line == amended.line, "a record that is not read")
  promise((try? amended.amended())?.line == amended.line, "a record that changes when it is amended again")
  promise(amended.layers.map(\.layer) == record.layers.map(\.layer), "other layers")
  for family in [ManifestFamily.oci, .docker] { _ = try? amended.converted(to: family) }
  let manifest = try? Manifest(parsing: amended.manifest.bytes)
  if amended.manifest != record.manifest { promise(manifest != nil, "a manifest that cannot be read") }
  guard let config = amended.config, config != record.config else { return }
  promise(amended.id == config.digest.hex, "an ID of another config")
  promise(
    manifest?.config?.digest == config.digest && manifest?.config?.size == UInt64(config.bytes.count),
    "a manifest of another config")
  let value = try? JSONValue(parsing: config.bytes, rules: .lenient)
  promise(record.edits.config.map { value?.equals($0) ?? false } ?? false, "another config than the edited one")
}

/// The record of an image with this config, and with the layers that it names.
private func record(_ config: [UInt8], isDocker: Bool) -> ImageRecord? {
  let value = try? JSONValue(parsing: config, rules: .lenient)
  let diffIDs = value?.field("rootfs")?.field("diff_ids")?.elements.prefix(10).compactMap {
    $0.string.flatMap { Digest($0) }
  }
  let blob = Blob(mediaType: isDocker ? .dockerConfig : .ociConfig, bytes: config)
  let layerType: MediaType = isDocker ? .dockerLayer : .ociLayer
  let layers = (diffIDs ?? []).map { #"{"mediaType":"\#(layerType)","digest":"\#($0)","size":1}"# }
  let text =
    #"{"schemaVersion":2,"mediaType":"\#(isDocker ? MediaType.dockerManifest : .ociManifest)","#
    + #""config":{"mediaType":"\#(blob.mediaType)","digest":"\#(blob.digest)","size":\#(config.count)},"#
    + #""layers":[\#(layers.joined(separator: ","))]}"#
  guard let manifest = try? Manifest(parsing: Array(text.utf8)),
    let place = try? RecordObject({ json in
      json.key("path")
      json.string("/layout")
    }),
    let kind = try? RecordObject({ json in
      json.key("kind")
      json.string("layout")
      json.key("path")
      json.string("/layout")
    })
  else { return nil }
  return ImageRecord(
    input: "a", name: nil, tags: ["localhost/a:1"], id: blob.digest.hex, manifest: manifest.blob, config: blob,
    layers: (diffIDs ?? []).map {
      RecordLayer(mediaType: layerType, layer: Layer(diffID: $0, size: 1), locator: place)
    }, storage: RecordStorage(kind: "layout", members: kind))
}

/// The line of a record with the texts of edits in it.
private func edited(_ record: ImageRecord, _ content: [UInt8], _ annotations: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  let end = Array(#""},"#.utf8)
  var rest = record.line[...]
  for (name, text) in [("annotations", annotations), ("content", content)] {
    let data = rest.firstIndexOf(Array(#""data":""#.utf8)) ?? rest.startIndex
    let close = rest[data...].firstIndexOf(end) ?? rest.startIndex
    result += rest[...close]
    rest = rest[(close + 1)...]
    if !text.isEmpty { result += Array(#","\#(name)":"#.utf8) + text }
  }
  return result + rest
}

extension ArraySlice<UInt8> {
  /// Where some bytes start.
  fileprivate func firstIndexOf(_ part: [UInt8]) -> Int? {
    indices.first { self[$0...].starts(with: part) }
  }
}
