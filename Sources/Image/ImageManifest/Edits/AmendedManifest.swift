import Diagnostics
import Digests
import GoJSON
import ImageModel
import JSON

/// The bytes of the config that an edit makes of another; nil if both are equal as JSON values.
///
/// Throws a failure of the kind `badData` with the path of a member that no image can have.
public func amendedConfig(_ bytes: [UInt8], content: JSONValue, diffIDs: [Digest]) throws(Failure) -> [UInt8]? {
  if let original = try? JSONValue(parsing: bytes, rules: .lenient), original.equals(content) { return nil }
  try ConfigRules.check(content, diffIDs: diffIDs)
  let result = encodedConfig(content)
  try refuseExcess(result, "config")
  return result
}

extension Manifest {
  /// The manifest with another config; with annotations, an object of strings or null, also with these.
  ///
  /// The bytes stay if nothing changes. Layers stay described as they are.
  public func amended(config: Blob?, annotations: JSONValue?) throws(Failure) -> Blob {
    let descriptor = config.map { Descriptor($0) }
    switch contents {
    case .oci(let manifest):
      let bytes = manifest.amended(
        config: descriptor, annotations: try annotations.map { value throws(Failure) in try texts(value) })
      guard let bytes else { return blob }
      try refuseExcess(bytes, "manifest")
      return Blob(mediaType: blob.mediaType, bytes: bytes)
    case .docker(let manifest):
      guard annotations == nil else {
        throw Failure(.badData, "annotations", "a Docker manifest has no annotations")
      }
      guard let descriptor, descriptor.digest != manifest.config.digest else { return blob }
      return Blob(mediaType: blob.mediaType, bytes: manifest.amended(config: descriptor))
    case .schema1: throw .badData("a manifest of schema 1 cannot be edited; use --to first")
    }
  }

  private func texts(_ annotations: JSONValue) throws(Failure) -> [[UInt8]: String] {
    if annotations.isNull { return [:] }
    var result: [[UInt8]: String] = [:]
    for member in try Member(annotations, "annotations").object().members() {
      guard let text = member.value.string else { throw member.failure("expected a string") }
      result[member.name] = text
    }
    return result
  }
}
