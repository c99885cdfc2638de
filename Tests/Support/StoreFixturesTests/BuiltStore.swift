import CZlib
import Foundation
import JSON
import StoreFixtures

/// A built store, read plainly: from its files alone, with a few lines for each format.
struct BuiltStore {
  let root: String
  let driver: StoreBuilder.Driver

  func records(_ kind: String) throws -> [JSONValue] {
    Array(try JSONValue(parsing: read("\(driver)-\(kind)/\(kind).json")).elements)
  }

  func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: root + "/" + path)))
  }

  func item(_ key: String, of image: String) throws -> [UInt8] {
    let name = key == "manifest" ? key : "=" + Data(key.utf8).base64EncodedString()
    return try read("\(driver)-images/\(image)/\(name)")
  }

  /// The tar of a layer: tar-split's segments and the files' contents between them.
  func reassembled(_ layer: String) throws -> [UInt8] {
    let content = Array("\(root)/\(driver == .overlay ? "overlay/\(layer)/diff" : "vfs/dir/\(layer)")/".utf8)
    var lines = JSONSequence(gunzipped(try read("\(driver)-layers/\(layer).tar-split.gz")))
    var tar: [UInt8] = []
    while let line = try lines.next() {
      let payload = line["payload"]?.string.flatMap { Data(base64Encoded: $0) } ?? Data()
      if line["type"]?.int64 == 2 {
        tar += payload
      } else if line["size"] != nil {
        let raw = line["name_raw"]?.string.flatMap { Data(base64Encoded: $0) }
        tar += readFile(content + (raw.map(Array.init) ?? line["name"]?.stringBytes ?? []))
      }
    }
    return tar
  }
}

/// The content of a file, whose path need not be UTF-8; nothing if it does not exist.
func readFile(_ path: [UInt8]) -> [UInt8] {
  guard let file = fopen(path.map { CChar(bitPattern: $0) } + [0], "r") else { return [] }
  defer { fclose(file) }
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  let count = fread(&buffer, 1, buffer.count, file)
  return Array(buffer.prefix(count))
}

/// The content of one gzip member.
func gunzipped(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  var input = bytes
  var output = [UInt8](repeating: 0, count: 1 << 22)
  guard img_inflate_init(&stream, 15 + 16) == Z_OK else { return [] }
  defer { inflateEnd(&stream) }
  let status = input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      return inflate(&stream, Z_FINISH)
    }
  }
  return status == Z_STREAM_END ? Array(output.prefix(Int(stream.total_out))) : []
}
