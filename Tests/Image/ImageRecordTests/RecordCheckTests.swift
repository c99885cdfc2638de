import Diagnostics
import Digests
import ImageModel
import Testing

@testable import ImageRecord

/// Whether a record has the layers of its config.
@Suite struct RecordCheckTests {
  private static let (one, two) = (SHA256.digest(of: [1]), SHA256.digest(of: [2]))

  private func record(_ config: String?, _ layers: [Digest]) throws -> ImageRecord {
    ImageRecord(
      input: nil, name: "a:1", tags: [], id: "", manifest: Blob(mediaType: .ociManifest, bytes: []),
      config: config.map { Blob(mediaType: .ociConfig, bytes: Array($0.utf8)) },
      layers: try layers.map {
        RecordLayer(mediaType: .ociLayer, layer: Layer(diffID: $0, size: 1), locator: try RecordObject { _ in })
      },
      storage: RecordStorage(kind: "x", members: try RecordObject { _ in }))
  }

  private static func config(_ digests: Digest...) -> String {
    #"{"rootfs":{"diff_ids":[\#(digests.map { "\"\($0)\"" }.joined(separator: ","))]}}"#
  }

  private static let others = "layers do not match rootfs.diff_ids of the config"
  private static let missing = "config without rootfs.diff_ids, which every reader of a sample needs"

  /// Configs, layers, and the reasons of the two checks.
  @Test(
    arguments: [
      (config(one, two), [one, two], nil, nil), (config(), [], nil, nil),
      (config(one, two), [two, one], others, others), (config(one, two), [one], others, others),
      (config(one), [one, two], others, others), (config(), [one], others, others),
      (config(one), [], others, others), (#"{"rootfs":{"diff_ids":["x"]}}"#, [one], others, others),
      (#"{"rootfs":{"diff_ids":[1]}}"#, [one], others, others),
      // What names no layers cannot contradict them, but nobody can read it.
      (nil, [], nil, missing), (nil, [one], nil, missing), ("", [], nil, missing), ("{}", [], nil, missing),
      ("{}", [one], nil, missing), (#"{"rootfs":null}"#, [], nil, missing),
      (#"{"rootfs":[]}"#, [], nil, missing),
      (#"{"rootfs":{"diff_ids":""}}"#, [], nil, missing), (#"{"rootfs":{"diff_ids":{}}}"#, [], nil, missing),
      (#"{"rootfs":{}}"#, [one], nil, missing), (#"{"rootfs":{"diff_ids":null}}"#, [one], nil, missing),
      (#"{"rootfs":{"diff_ids":""}}"#, [one], nil, missing),
      // As Go writes a config without layers.
      (#"{"rootfs":{}}"#, [], nil, nil), (#"{"rootfs":{"diff_ids":null}}"#, [], nil, nil),
    ] as [(String?, [Digest], String?, String?)])
  func layersAreThoseOfTheConfig(config: String?, layers: [Digest], other: String?, missing: String?) throws {
    let record = try record(config, layers)
    func failure(_ check: () throws(Failure) -> Void) -> Failure? {
      do throws(Failure) {
        try check()
        return nil
      } catch {
        return error
      }
    }
    #expect(failure(record.refuseOtherLayers) == other.map { Failure(.badData, "a:1", $0) })
    #expect(
      failure { () throws(Failure) in try record.refuseMissingLayers(format: "sample") }
        == missing.map { Failure(.badData, "a:1", $0) })
  }
}
