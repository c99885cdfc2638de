import Digests
import JSON

/// The diffIDs that a config names, the base layer's first: nil for each that is not a SHA-256.
///
/// Nil if the config has no list of them. Source: OCI image-spec v1.1, config.md, "rootfs".
public func diffIDs(ofConfig bytes: [UInt8]) -> [Digest?]? {
  guard let value = try? JSONValue(parsing: bytes, rules: .lenient),
    let names = value.field("rootfs")?.field("diff_ids"), names.kind == .array
  else { return nil }
  return names.elements.map { $0.string.flatMap { Digest($0) } }
}
