import Diagnostics
import Digests
import Foundation
import ImageFormats
import ImageModel
import ImageSource
import LayerPipeline
import Outputs
import POSIX
import StoreFixtures
import Testing

/// Writes images in a format.
func save(
  _ images: [FormatImage], as format: any ImageFormat = DockerArchive(),
  _ options: FormatOptions = FormatOptions(),
  to target: OutputTarget, observer: (any LayerObserver)? = nil
) throws(Failure) -> WrittenOutput {
  let pipeline = LayerPipeline(options.codec, threads: 2, observer: observer)
  return try format.prepare(images, options, for: target).write(through: pipeline)
}

/// Writes a docker-archive to a file and returns its bytes.
func written(_ images: [FormatImage], observer: (any LayerObserver)? = nil) throws -> [UInt8] {
  let folder = try TemporaryDirectory()
  _ = try save(images, to: OutputTarget(path: Path(folder.at("archive.tar"))), observer: observer)
  return try folder.read("archive.tar")
}

/// Writes a docker-archive into a FIFO; returns the bytes read from it, and the failure if any.
func streamed(_ images: [FormatImage], in folder: TemporaryDirectory) throws -> ([UInt8], Failure?) {
  let path = folder.at("fifo")
  try folder.makeFIFO("fifo")
  try folder.write("", to: "stream.tar")
  let reader = Process()
  reader.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  reader.arguments = ["cat", path]
  reader.standardOutput = FileHandle(forWritingAtPath: folder.at("stream.tar"))
  try reader.run()
  var failure: Failure?
  do throws(Failure) {
    _ = try save(images, to: OutputTarget(path: Path(path)))
  } catch {
    failure = error
  }
  // If the FIFO was never opened, this ends the reader.
  let writer = open(path, O_WRONLY | O_NONBLOCK)
  if writer >= 0 { close(writer) }
  reader.waitUntilExit()
  return (try folder.read("stream.tar"), failure)
}

/// An image with layers and an empty config.
func makeImage(_ layers: [SourceLayer], config: String = "{}", tags: [String] = []) -> FormatImage {
  let config = Blob(mediaType: .dockerConfig, bytes: Array(config.utf8))
  let manifest = Blob(mediaType: .dockerManifest, bytes: Array("{}".utf8))
  return FormatImage(tags: tags, manifest: manifest, config: config, layers: layers)
}

/// The exit status of GNU tar when it lists an archive from a pipe.
func tarStatus(of bytes: [UInt8], in folder: TemporaryDirectory) throws -> Int32 {
  try folder.write(bytes, to: "listed.tar")
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["tar", "-tf", "-"]
  process.standardInput = FileHandle(forReadingAtPath: folder.at("listed.tar"))
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}
