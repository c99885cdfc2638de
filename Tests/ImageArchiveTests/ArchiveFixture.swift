import Diagnostics
import Digests
import Foundation
import ImageArchive
import ImageModel
import StoreFixtures
import Testing

/// Collects what is written; fails from a byte on if asked to.
final class MemoryOutput: ArchiveOutput {
  let isStream: Bool
  private(set) var bytes: [UInt8] = []
  private(set) var isFinished = false
  private let capacity: Int

  init(isStream: Bool = true, capacity: Int = .max) {
    self.isStream = isStream
    self.capacity = capacity
  }

  func write(_ buffer: UnsafeRawBufferPointer) throws(Failure) {
    bytes += buffer.prefix(capacity - bytes.count)
    if bytes.count == capacity { throw Failure(.inputOutput, "output", "full") }
  }

  func finish() { isFinished = true }
}

/// An image over layers with a config that says nothing.
func makeImage(_ layers: [ArchiveLayer], config: String = "{}", tags: [String] = []) -> ArchiveImage {
  let config = Blob(mediaType: .dockerConfig, bytes: Array(config.utf8))
  let manifest = Blob(mediaType: .dockerManifest, bytes: Array("{}".utf8))
  return ArchiveImage(id: config.digest.hex, tags: tags, manifest: manifest, config: config, layers: layers)
}

/// A member of a tar as GNU tar, or any other, would find it.
struct FoundMember {
  let name: String
  let type: UInt8
  let link: String
  let content: [UInt8]
}

/// The members of a complete tar; PAX records are not looked at.
func members(of tar: [UInt8]) throws -> [FoundMember] {
  var members: [FoundMember] = []
  var offset = 0
  func text(_ start: Int, _ width: Int) -> String {
    String(decoding: tar[(offset + start)..<(offset + start + width)].prefix { $0 != 0 }, as: UTF8.self)
  }
  while offset + 512 <= tar.count, tar[offset] != 0 {
    let size = try #require(Int(text(124, 12), radix: 8))
    try #require(offset + 512 + size <= tar.count)
    members.append(
      FoundMember(
        name: text(0, 100), type: tar[offset + 156], link: text(157, 100),
        content: Array(tar[(offset + 512)..<(offset + 512 + size)])))
    offset += 512 + (size + 511) / 512 * 512
  }
  #expect(tar.count - offset == 1024)
  #expect(tar[offset...].allSatisfy { $0 == 0 })
  return members
}

/// The exit status of GNU tar listing an archive that comes through a pipe.
func tarStatus(of bytes: [UInt8], in folder: TemporaryDirectory) throws -> Int32 {
  try folder.write(bytes, to: "stream.tar")
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["tar", "-tf", "-"]
  process.standardInput = FileHandle(forReadingAtPath: folder.at("stream.tar"))
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}
