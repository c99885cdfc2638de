/// The work of a save: the layers, each once.
struct ProgressWork: Sendable {
  /// The number of layers.
  let layers: Int
  /// The bytes to read of all layers; nil if the size of one is not known.
  let size: UInt64?

  /// The work of layers of these sizes.
  init(sizes: [UInt64?]) {
    layers = sizes.count
    size = sizes.reduce(0) { sum, size in
      guard let sum, let size else { return nil }
      let (result, isTooLarge) = sum.addingReportingOverflow(size)
      return isTooLarge ? nil : result
    }
  }
}
