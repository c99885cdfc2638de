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

/// Refuses a struct in which two names differ in nothing but case; the names of a map may.
///
/// Go's decoder takes both for the same field; other readers choose one of them.
func refuseNamesInSeveralCases(_ value: JSONValue, of type: GoType) throws(JSONError) {
  switch type {
  case .pointer(let target): try refuseNamesInSeveralCases(value, of: target)
  case .list(let element):
    for item in value.elements { try refuseNamesInSeveralCases(item, of: element) }
  case .map(let element):
    for (_, item) in value.members { try refuseNamesInSeveralCases(item, of: element) }
  case .structure(let structure):
    try value.refuseNamesInSeveralCases()
    for (name, item) in value.members {
      guard let index = structure.index(of: name.stringBytes ?? []) else { continue }
      try refuseNamesInSeveralCases(item, of: structure.fields[index].type)
    }
  case .string, .bool, .integer, .bytes, .time, .stringOrList, .any: break
  }
}
