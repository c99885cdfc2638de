import Diagnostics
import Digests
import ImageModel
import ImageSource
import Outputs
import StoreFixtures
import Testing

@testable import ImageFormats
@testable import LayerPipeline

/// An observer receives the progress of each written layer, from its first byte to its last.
@Suite struct LayerObserverTests {
  /// Records the calls.
  final class Recorder: LayerObserver {
    struct Layer: Equatable {
      var started = 0
      var bytes: UInt64 = 0
      var finished = 0
    }
    let layers = Monitor<[Digest: Layer]>([:])

    func started(_ layer: ImageModel.Layer, size: UInt64?) {
      layers.change { $0[layer.diffID, default: Layer()].started += 1 }
    }
    func advanced(_ layer: ImageModel.Layer, by count: Int) {
      layers.change { $0[layer.diffID, default: Layer()].bytes += UInt64(count) }
    }
    func finished(_ layer: ImageModel.Layer) {
      layers.change { $0[layer.diffID, default: Layer()].finished += 1 }
    }
  }

  static let sizes = [0, 1, 512 << 10, (3 << 20) + 7]
  static let layers = sizes.enumerated().map { index, size in
    MemoryLayer.layer(deterministicBytes(size, seed: UInt64(index + 1)))
  }

  @Test("Every layer is started, read to its last byte and finished, once, however often it occurs")
  func wholeLayers() throws {
    let recorder = Recorder()
    let image = makeImage(Self.layers + Self.layers.prefix(1))
    let plain = try written([image])
    #expect(try written([image], observer: recorder) == plain)
    recorder.layers.change { seen in
      #expect(seen.count == Self.layers.count)
      for layer in Self.layers {
        #expect(
          seen[layer.layer.diffID] == Recorder.Layer(started: 1, bytes: layer.layer.size ?? 0, finished: 1))
      }
    }
  }

  @Test("A layer that fails is not finished")
  func failingLayer() throws {
    let recorder = Recorder()
    let layer = MemoryLayer.layer(deterministicBytes(3 << 20, seed: 1), .after(1 << 20))
    #expect(throws: Failure.self) { try written([makeImage([layer])], observer: recorder) }
    recorder.layers.change { seen in
      #expect(seen[layer.layer.diffID]?.started == 1)
      #expect(seen[layer.layer.diffID]?.finished == 0)
    }
  }
}
