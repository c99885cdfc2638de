import Digests
import ImageModel

/// A layer that an image lists: what the list says, and the file.
struct ListedLayer {
  /// The layer in messages, after its number: a digest or the name of a file.
  let title: String
  /// The name of the file.
  let member: String
  /// The file; nil if it is missing.
  let file: FileFacts?
  /// The descriptor of the layer; nil in a docker-archive.
  var descriptor: BlobDescriptor?
}

extension Findings {
  /// Compares the layers of an image with those that its config names.
  ///
  /// - Parameters:
  ///   - layers: The layers in the order of the image.
  ///   - config: The config; nil if it cannot be read.
  ///   - image: The name of the image for messages.
  ///   - prefix: The number of layers of an image that the receiver has, so that they may be missing here.
  /// - Returns: The layers for the report.
  mutating func check(
    _ layers: [ListedLayer], against config: ImageConfig?, image: String, prefix: ([Digest]) -> Int
  ) -> [VerifiedLayer] {
    var result: [VerifiedLayer] = []
    let known = config.map { prefix($0.diffIDs) } ?? 0
    let isMoved = config.map { isReordered(layers, $0.diffIDs) } == true
    for (index, layer) in layers.enumerated() {
      var facts = VerifiedLayer(
        mediaType: layer.descriptor?.mediaType, digest: layer.descriptor?.digest ?? layer.file?.digest,
        size: layer.descriptor?.size ?? layer.file?.size)
      if let config, index < config.diffIDs.count { facts.diffID = config.diffIDs[index] }
      if let file = layer.file {
        referenced.insert(file.name)
        if let diffID = facts.diffID, !isMoved { check(file, layer, index, diffID, image) }
      } else {
        facts.isAbsent = index < known
        if !facts.isAbsent {
          add(
            Fault(
              .missing, image: image, member: layer.member, "layer \(index + 1) \(layer.title): missing",
              expected: layer.descriptor?.digest.description))
        }
      }
      result.append(facts)
    }
    if let config { checkCount(layers.count, config, isMoved: isMoved, image) }
    return result
  }

  private mutating func check(
    _ file: FileFacts, _ layer: ListedLayer, _ index: Int, _ diffID: Digest, _ image: String
  ) {
    let title = "layer \(index + 1) \(layer.title)"
    if case .damaged(let reason) = file.inside {
      add(Fault(.diffID, image: image, member: file.title, "\(title): \(reason)", expected: "\(diffID)"))
    } else if let found = file.plainDigest, found != diffID {
      add(
        Fault(
          .diffID, image: image, member: file.title, "\(title): content is \(found), not \(diffID)",
          expected: "\(diffID)", found: "\(found)"))
    }
  }

  private mutating func checkCount(_ count: Int, _ config: ImageConfig, isMoved: Bool, _ image: String) {
    if count != config.diffIDs.count {
      add(
        Fault(
          .order, image: image, "\(count) layers, but the config names \(config.diffIDs.count)",
          expected: "\(config.diffIDs.count)", found: "\(count)"))
    } else if isMoved {
      add(Fault(.order, image: image, "the layers are in another order than those of the config"))
    }
    if let history = config.historyLayers, history != config.diffIDs.count {
      add(
        Fault(
          .order, image: image,
          "the history of the config has \(history) layers, but the config names \(config.diffIDs.count)",
          expected: "\(config.diffIDs.count)", found: "\(history)"))
    }
  }

  /// Whether the layers are those of the config, in another order.
  private func isReordered(_ layers: [ListedLayer], _ diffIDs: [Digest]) -> Bool {
    let found = layers.map { $0.file?.plainDigest }
    if found.count != diffIDs.count || found == diffIDs.map(Optional.some) { return false }
    // A missing layer may be any.
    var rest: [Digest: Int] = [:]
    for digest in diffIDs { rest[digest, default: 0] += 1 }
    for digest in found.compactMap(\.self) {
      rest[digest, default: 0] -= 1
      if rest[digest, default: 0] < 0 { return false }
    }
    return zip(found, diffIDs).contains { found, expected in found.map { $0 != expected } ?? false }
  }
}
