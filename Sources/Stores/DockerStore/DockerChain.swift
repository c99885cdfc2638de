import Diagnostics
import Digests
import ImageModel
import JSON

/// The layers of Docker's store by their chain IDs.
///
/// Source: OCI image-spec v1.1, config.md, "Layer ChainID".
final class DockerChains {
  private let location: DockerLocation
  /// The sizes of tars that were measured.
  private var sizes: [Digest: UInt64] = [:]

  init(in location: DockerLocation) {
    self.location = location
  }

  /// The layers of a config, base first.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `badData` if a layer is missing, or has another diffID than the
  ///   config; of the kind `tryAgain` if a layer was removed.
  func layers(of diffIDs: [Digest]) throws(Failure) -> [(chainID: Digest, layer: Layer)] {
    var layers: [(chainID: Digest, layer: Layer)] = []
    for diffID in diffIDs {
      let chainID = layers.last.map { SHA256.digest(of: Array("\($0.chainID) \(diffID)".utf8)) } ?? diffID
      let recorded = try location.text("diff", of: chainID)
      guard recorded == diffID.description else {
        throw Failure(
          .badData, location.label(chainID), "its diffID is \"\(recorded)\", the config names \(diffID)")
      }
      layers.append((chainID, Layer(diffID: diffID, size: try size(of: chainID))))
    }
    return layers
  }

  private func size(of chainID: Digest) throws(Failure) -> UInt64 {
    if let size = sizes[chainID] { return size }
    let size = try DockerLayer(chainID, in: location).measure()
    sizes[chainID] = size
    return size
  }
}

/// The digests of the uncompressed layers that a config names, base first.
///
/// Source: OCI image-spec v1.1, config.md, "rootfs".
func diffIDs(ofConfig bytes: [UInt8], _ id: Digest) throws(Failure) -> [Digest] {
  let value: JSONValue
  do {
    value = try JSONValue(parsing: bytes, rules: .lenient)
  } catch {
    throw Failure(.badData, "config \(id)", "\(error)")
  }
  let field = value.field("rootfs")?.field("diff_ids")
  guard let field, !field.isNull else { return [] }
  let digests = field.elements.map { $0.string.flatMap { Digest($0) } }
  let found = digests.compactMap(\.self)
  guard field.kind == .array, found.count == digests.count else {
    throw Failure(.badData, "config \(id)", "rootfs.diff_ids are not sha256 digests")
  }
  return found
}
