import ImageModel
import JSON

/// The media type of a manifest, as containers/image finds it.
///
/// A known `mediaType` decides. Else schema version 1 is Docker's schema 1, signed or not; with version 2 the
/// config's media type decides, then whether there is a list of manifests, and OCI is what remains. All other
/// text is taken for a signed schema 1 manifest, which it then fails to be.
/// Source: containers/image, internal/manifest/manifest.go (`GuessMIMEType`, `NormalizedMIMEType`).
func mediaType(ofManifest value: JSONValue) -> MediaType {
  guard let kind = try? GoValue(value, as: .manifestKind) else { return .dockerSchema1Signed }
  let declared = MediaType(kind["mediaType"].text)
  switch declared {
  case .dockerManifest, .dockerManifestList, .ociManifest, .ociIndex: return declared
  default: break
  }
  switch kind["schemaVersion"].number {
  case 1: return kind["signatures"].isThere ? .dockerSchema1Signed : .dockerSchema1
  case 2:
    guard let contents = try? GoValue(value, as: .manifestContents) else { return .dockerSchema1Signed }
    let config = MediaType(contents["config"]["mediaType"].text)
    if config == .ociConfig { return .ociManifest }
    if config == .dockerConfig { return .dockerManifest }
    guard !contents["manifests"].elements.isEmpty else { return .ociManifest }
    return config.description.isEmpty ? .ociIndex : .dockerSchema1Signed
  default: return .dockerSchema1Signed
  }
}
