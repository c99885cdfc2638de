import Diagnostics
import GoJSON
import ImageModel
import JSON

/// The members by which one kind of manifest could be taken for another.
enum EssentialMember: String, CaseIterable {
  case config
  case fsLayers
  case history
  case layers
  case manifests
}

/// Refuses a manifest with members that belong only to another kind of manifest.
///
/// Different readers would read such a text as different images. Null members do not count.
/// Source: containers/image, internal/manifest/common.go (`ValidateUnambiguousManifestFormat`).
func refuseAmbiguity(
  _ value: JSONValue, type: MediaType, allowing allowed: Set<EssentialMember>
) throws(Failure) {
  let unexpected = EssentialMember.allCases.filter { member in
    !allowed.contains(member) && value.field(member.rawValue)?.isNull == false
  }
  guard unexpected.isEmpty else {
    let list = unexpected.map { goQuoted($0.rawValue) }.joined(separator: ", ")
    throw .badData("rejecting ambiguous manifest, unexpected fields []string{\(list)} in supposedly \(type)")
  }
}
