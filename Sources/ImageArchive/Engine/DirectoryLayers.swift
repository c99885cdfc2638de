import Diagnostics
import Digests
import ImageManifest
import ImageModel

/// Writes the layers of an image into a directory, each once, as files called by their digests.
///
/// Plain layers, whose names are known beforehand, are written side by side; compressed ones one after the other,
/// since each keeps all processors busy.
struct DirectoryLayers {
  private let directory: DirectoryOutput
  /// The path of a blob in the directory.
  private let name: (Digest) -> String

  init(in directory: DirectoryOutput, name: @escaping (Digest) -> String) {
    self.directory = directory
    self.name = name
  }

  /// Writes the layers; returns what was written for each, base first.
  func write(_ layers: [ArchiveLayer], _ compression: LayerCompression) throws(Failure) -> [WrittenLayer] {
    var unique: [ArchiveLayer] = []
    var seen: Set<Layer> = []
    for layer in layers where seen.insert(layer.layer).inserted { unique.append(layer) }
    let written: [Layer: WrittenLayer]
    switch compression {
    case .none: written = try copy(unique)
    case .gzip(let level, let jobs): written = try compress(unique, LayerCompressor(level: level, jobs: jobs))
    }
    return layers.compactMap { written[$0.layer] }
  }

  private func copy(_ layers: [ArchiveLayer]) throws(Failure) -> [Layer: WrittenLayer] {
    var files: [(file: DirectoryFile, layer: ArchiveLayer)] = []
    var jobs: [LayerLanes.Job] = []
    for layer in layers {
      let file = try directory.newFile(name(layer.layer.diffID))
      if let output = file.placed { jobs.append(LayerLanes.Job(layer: layer, output: output, offset: 0)) }
      files.append((file, layer))
    }
    try LayerLanes.copy(jobs)
    var written: [Layer: WrittenLayer] = [:]
    for (file, layer) in files {
      try file.finish(as: name(layer.layer.diffID))
      written[layer.layer] = WrittenLayer(digest: layer.layer.diffID, size: layer.layer.size, isGzip: false)
    }
    return written
  }

  private func compress(
    _ layers: [ArchiveLayer], _ compressor: LayerCompressor
  ) throws(Failure) -> [Layer: WrittenLayer] {
    var written: [Layer: WrittenLayer] = [:]
    for layer in layers {
      let file = try directory.newFile(name(layer.layer.diffID))
      let result = try compressor.compress(layer) { bytes throws(Failure) in try file.write(bytes) }
      try file.finish(as: name(result.digest))
      written[layer.layer] = result
    }
    return written
  }
}
