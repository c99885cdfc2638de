import Diagnostics
import ImageModel
import JSON

/// Refuses a manifest with members that make sense in a manifest of another kind only.
///
/// Such a text means one image to one reader and another image to the next. Members that are null do not count.
/// Source: containers/image, internal/manifest/common.go (`ValidateUnambiguousManifestFormat`).
func refuseAmbiguity(
  _ value: JSONValue, type: MediaType, allowing allowed: [String]
) throws(Failure) {
  guard let fields = try? GoValue(value, as: .ambiguousFields) else { return }
  let unexpected = GoStruct.ambiguousFields.fields.map(\.name).filter { name in
    !allowed.contains(name) && fields[name].isThere
  }
  guard unexpected.isEmpty else {
    let list = unexpected.map(quoted).joined(separator: ", ")
    throw .badData("rejecting ambiguous manifest, unexpected fields []string{\(list)} in supposedly \(type)")
  }
}
