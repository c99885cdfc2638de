import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON

extension ImageRecord {
  /// Refuses a record whose config names other layers than the record: no loader would accept the image.
  ///
  /// Leaves a config that names none to the formats. Source: OCI image-spec v1.1, config.md, "rootfs".
  public func refuseOtherLayers() throws(Failure) {
    guard let config, let expected = diffIDs(ofConfig: config.bytes) else { return }
    guard expected == layers.map(\.layer.diffID) else {
      throw Failure(.badData, title, "layers do not match rootfs.diff_ids of the config")
    }
  }

  /// Refuses a record whose config has no `rootfs`, or does not name the layers there.
  ///
  /// Programs that read layers by the diffIDs of the config refuse such an image, even one without layers.
  public func refuseMissingLayers(format: String) throws(Failure) {
    try refuseOtherLayers()
    let rootfs = config.flatMap { try? JSONValue(parsing: $0.bytes, rules: .lenient) }?.field("rootfs")
    let names = rootfs?.field("diff_ids")
    let isComplete = names?.kind == .array || (names?.isNull ?? true) && layers.isEmpty
    guard rootfs?.kind == .object, isComplete else {
      throw Failure(.badData, title, "config without rootfs.diff_ids, which every reader of a \(format) needs")
    }
  }
}
