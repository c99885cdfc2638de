import CZlib

/// One gzip member with the bytes; its header has neither name nor time.
public func gzipped(_ bytes: [UInt8], level: Int32 = 1) -> [UInt8] {
  var stream = z_stream()
  guard img_deflate_init(&stream, level, 15 + 16) == Z_OK else { preconditionFailure("deflateInit2") }
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
  let status = input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      return deflate(&stream, Z_FINISH)
    }
  }
  precondition(status == Z_STREAM_END, "deflate did not finish")
  return Array(output.prefix(output.count - Int(stream.avail_out)))
}
