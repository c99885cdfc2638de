import Diagnostics
import Digests
import ImageModel
import JSON
import POSIX

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
    let chainIDs = chainIDs(of: diffIDs)
    for (chainID, diffID) in zip(chainIDs, diffIDs) {
      let recorded = try location.text("diff", of: chainID)
      guard recorded == diffID.description else {
        throw Failure(.badData, location.label(chainID), "its diffID is another, the config names \(diffID)")
      }
    }
    try measure(chainIDs.filter { sizes[$0] == nil })
    return zip(chainIDs, diffIDs).compactMap { chainID, diffID in
      sizes[chainID].map { (chainID, Layer(diffID: diffID, size: $0)) }
    }
  }

  /// Measures the tars of layers, several at a time: their records are long.
  private func measure(_ chainIDs: [Digest]) throws(Failure) {
    let location = location
    let queue = Lock((next: 0, results: [Digest: Result<UInt64, Failure>]()))
    let work = { @Sendable in
      while let chainID = queue.withLock({ queue in
        defer { queue.next += 1 }
        return queue.next < chainIDs.count ? chainIDs[queue.next] : nil
      }) {
        let result = Result { () throws(Failure) in try DockerLayer(chainID, in: location).measure() }
        queue.withLock { $0.results[chainID] = result }
      }
    }
    let threads = ThreadGroup()
    for _ in chainIDs.prefix(onlineProcessors).dropFirst() { threads.start(work) }
    work()
    threads.wait()
    let results = queue.withLock(\.results)
    for chainID in chainIDs { sizes[chainID] = try results[chainID]?.get() }
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
