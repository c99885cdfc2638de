import Diagnostics
import Digests
import ImageModel
import JSON

extension ImageRecord {
  /// Refuses a record whose config names other layers than the record: no loader would accept the image.
  ///
  /// Leaves a config that names none to the formats. Source: OCI image-spec v1.1, config.md, "rootfs".
  public func refuseOtherLayers() throws(Failure) {
    guard let config, let value = try? JSONValue(parsing: config.bytes, rules: .lenient),
      let names = value.field("rootfs")?.field("diff_ids"), names.kind == .array
    else { return }
    let expected = names.elements.map { $0.string.flatMap { Digest($0) } }
    guard expected == layers.map(\.layer.diffID) else {
      throw Failure(.badData, title, "layers do not match rootfs.diff_ids of the config")
    }
  }
}
