import ImageModel

/// The work of a save: the layers, each once.
struct ProgressWork: Sendable {
  /// The number of layers.
  let layers: Int
  /// The bytes of all uncompressed tars; nil if the size of one is not known.
  let size: UInt64?

  /// The work of some layers, which may occur more than once.
  init(_ layers: [Layer]) {
    let layers = Set(layers)
    self.layers = layers.count
    size = layers.reduce(0) { sum, layer in
      guard let sum, let size = layer.size else { return nil }
      let (result, isTooLarge) = sum.addingReportingOverflow(size)
      return isTooLarge ? nil : result
    }
  }
}
