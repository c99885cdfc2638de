import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON

/// What the config of an image says about its layers.
///
/// Source: OCI image-spec v1.1, config.md, "rootfs" and "history".
struct ImageConfig: Sendable {
  /// The digests of the uncompressed layers, base first.
  let diffIDs: [Digest]
  /// The entries of the history that have a layer; nil for no history.
  let historyLayers: Int?
  /// The chain IDs of the layers: each identifies a layer and those below it.
  ///
  /// Source: OCI image-spec v1.1, config.md, "Layer ChainID".
  let chainIDs: [Digest]
  /// The facts for reports.
  let facts: ConfigFacts

  /// Reads a config.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `badData`: malformed JSON, repeated member names, no `diff_ids`.
  init(parsing bytes: [UInt8]) throws(Failure) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, rules: .strictWithMaps)
      try value.refuseNamesInSeveralCases()
    } catch {
      throw Failure(.badData, "", "malformed JSON: \(error)")
    }
    guard value.kind == .object, let rootfs = value.field("rootfs"), rootfs.kind == .object else {
      throw Failure(.badData, "", "a config without rootfs")
    }
    let names = rootfs.field("diff_ids")
    let digests = names?.elements.map { $0.string.flatMap { Digest($0) } } ?? []
    guard names == nil || names?.isNull == true || names?.kind == .array, !digests.contains(nil) else {
      throw Failure(.badData, "", "rootfs.diff_ids is no list of sha256 digests")
    }
    diffIDs = digests.compactMap(\.self)
    var chain: [Digest] = []
    for diffID in diffIDs {
      chain.append(chain.last.map { SHA256.digest(of: Array("\($0) \(diffID)".utf8)) } ?? diffID)
    }
    chainIDs = chain
    let history = value.field("history").map { Array($0.elements) } ?? []
    historyLayers = history.isEmpty ? nil : history.count { $0.field("empty_layer")?.bool != true }
    facts = ConfigFacts(config: bytes)
  }
}
