import Digests

/// The chain IDs of layers, given by their diffIDs, base first: each identifies a layer and all below it.
///
/// Source: OCI image-spec v1.1, config.md, "Layer ChainID".
public func chainIDs(of diffIDs: [Digest]) -> [Digest] {
  var chain: [Digest] = []
  chain.reserveCapacity(diffIDs.count)
  for diffID in diffIDs {
    chain.append(chain.last.map { SHA256.digest(of: Array("\($0) \(diffID)".utf8)) } ?? diffID)
  }
  return chain
}
