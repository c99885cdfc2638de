import Diagnostics
import Digests
import ImageModel
import Testing

@testable import ImageManifest

/// An arbitrary digest: the same hexadecimal digit 64 times.
func digestText(_ digit: Character) -> String { "sha256:" + String(repeating: digit, count: 64) }

/// A layer whose diffID is one digit repeated.
func layer(_ digit: Character, size: UInt64 = 10240) throws -> Layer {
  Layer(diffID: try #require(Digest(digestText(digit))), size: size)
}

/// Bytes as text, for readable comparisons.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

let ociManifestType = "application/vnd.oci.image.manifest.v1+json"
let ociConfigType = "application/vnd.oci.image.config.v1+json"
let dockerManifestType = "application/vnd.docker.distribution.manifest.v2+json"
let dockerConfigType = "application/vnd.docker.container.image.v1+json"
let ociLayerPrefix = "application/vnd.oci.image.layer."
let dockerLayerPrefix = "application/vnd.docker.image.rootfs."

/// A config of an OCI or Docker image; its white space only survives verbatim copies.
let smallConfig = Array(
  #"{ "architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#.utf8)

/// The members of a descriptor of the given config.
func configMembers(_ type: String, _ config: [UInt8] = smallConfig) -> String {
  #""mediaType":"\#(type)","size":\#(config.count),"digest":"\#(SHA256.digest(of: config))""#
}

/// An OCI manifest of layers given as JSON.
func ociManifest(_ layers: String..., config: [UInt8] = smallConfig) -> [UInt8] {
  Array(
    (#"{"schemaVersion":2,"mediaType":"\#(ociManifestType)","config":{\#(configMembers(ociConfigType, config))},"#
      + #""layers":[\#(layers.joined(separator: ","))]}"#).utf8)
}

/// A Docker manifest of layers given as JSON.
func dockerManifest(_ layers: String..., config: [UInt8] = smallConfig) -> [UInt8] {
  Array(
    (#"{"schemaVersion":2,"mediaType":"\#(dockerManifestType)","#
      + #""config":{\#(configMembers(dockerConfigType, config))},"layers":[\#(layers.joined(separator: ","))]}"#)
      .utf8)
}

/// A layer descriptor in JSON; `more` is appended to its members.
func layerJSON(_ type: String, _ digit: Character, size: Int = 102, more: String = "") -> String {
  #"{"mediaType":"\#(type)","size":\#(size),"digest":"\#(digestText(digit))"\#(more)}"#
}

/// The reason of the failure that a closure throws.
func reason(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch let failure as Failure {
    return failure.kind == .badData ? failure.reason : "not bad data: \(failure)"
  } catch {
    return "not a failure: \(error)"
  }
}
