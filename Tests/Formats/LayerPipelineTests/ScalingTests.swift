import Testing

@testable import LayerPipeline

/// How the scheduler scales with processors, by simulation with job costs as measured on one.
@Suite struct ScalingTests {
  /// An image of 416 MB in chunks of 512 KiB, in layers of 172 and 244 MB and a small one.
  private static let image = [328, 465, 1]
  /// The same bytes in twenty layers.
  private static let manyLayers = Array(repeating: 40, count: 20)
  private static let plain = SimulatedMachine.Costs(prepare: 30, load: 75, hash: 252, deliver: 85)
  private static let gzip = SimulatedMachine.Costs(
    prepare: 30, load: 75, hash: 252, compress: 1450, deliver: 120)

  /// What no scheduler can beat: all work on all workers, the hash of the largest layer, the writer.
  private func limit(_ layers: [Int], _ costs: SimulatedMachine.Costs, _ workers: Int) -> Double {
    let chunks = Double(layers.reduce(0, +))
    return max(
      chunks * costs.total / Double(workers), Double(layers.max() ?? 0) * costs.hash, chunks * costs.deliver)
  }

  @Test(arguments: [1, 2, 3, 4, 6, 8, 12, 16, 32], [false, true])
  func theSchedulerIsCloseToTheLimit(workers: Int, compresses: Bool) {
    let costs = compresses ? ScalingTests.gzip : ScalingTests.plain
    for layers in [ScalingTests.image, ScalingTests.manyLayers] {
      let slots = LayerPipeline.slots(workers, compresses: compresses)
      let buffers = LayerPipeline.buffers(compresses ? 128 << 10 : nil, workers, slots: slots)
      let machine = SimulatedMachine(
        workers: workers, slots: slots, buffers: buffers,
        window: compresses ? buffers : LayerPipeline.warmWindow, costs: costs)
      let part = machine.duration(layers: layers) / limit(layers, costs, workers)
      // --jobs is at most 8 by default; beyond, two layers at a time limit the compression of many small ones.
      #expect(part <= (workers <= 8 ? 1.1 : 1.25), "\(layers.count) layers, \(workers) workers: \(part)")
    }
  }
}
