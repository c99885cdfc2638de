import Digests
import Foundation
import JSON

extension LayerTar {
  /// The tar-split records of the layer, one JSON object per line, not compressed.
  ///
  /// Source: vbatts/tar-split, tar/storage/entry.go; members in the order of Go's struct.
  public var tarSplit: [UInt8] {
    var text: [UInt8] = []
    for (position, piece) in pieces.enumerated() {
      var json = JSONWriter()
      json.object { json in
        json.key("type")
        switch piece {
        case .segment(let bytes):
          json.integer(2)
          json.key("payload")
          json.string(Data(bytes).base64EncodedString())
        case .file(let name, let size, let content):
          json.integer(1)
          writeName(name, to: &json)
          if size > 0 {
            json.key("size")
            json.integer(size)
          }
          json.key("payload")
          if size > 0 { json.string(checksum(of: content)) } else { json.null() }
        }
        json.key("position")
        json.integer(position)
      }
      text += json.bytes + [0x0A]
    }
    return text
  }
}

private func writeName(_ name: [UInt8], to json: inout JSONWriter) {
  if name.isEmpty { return }
  if String(validating: name, as: UTF8.self) != nil {
    json.key("name")
    json.string(bytes: name)
  } else {
    json.key("name_raw")
    json.string(Data(name).base64EncodedString())
  }
}

/// The CRC-64, most significant byte first, in base64.
private func checksum(of content: [UInt8]) -> String {
  var crc = CRC64()
  content.withUnsafeBytes { crc.update($0) }
  return withUnsafeBytes(of: crc.value.bigEndian) { Data($0).base64EncodedString() }
}
