import Diagnostics
import Digests
import GoJSON
import JSON

extension Schema1Manifest {
  /// The config in schema 2's form: the top entry's, with the layers and the history of all entries.
  ///
  /// Its digest is the image's ID in containers-storage.
  /// Source: containers/image, manifest/docker_schema1.go (`ToSchema2Config`).
  func config(diffIDs: [Digest]) throws(Failure) -> [UInt8] {
    guard let top = entries.last else { throw .badData("image has no layers") }
    let members = try topLevelMembers(of: top.compatibility)
    var json = JSONWriter()
    json.object { json in
      for name in members.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        json.key(bytes: name)
        if name.elementsEqual("rootfs".utf8) {
          rootFS(diffIDs).encodeGo(to: &json)
        } else if name.elementsEqual("history".utf8) {
          history.encodeGo(to: &json)
        } else if let value = members[name] ?? nil {
          json.raw(value)
        }
      }
    }
    return json.bytes
  }

  /// The members that stay from the top entry, the last of each name; nil for the two to be replaced.
  private func topLevelMembers(of text: [UInt8]) throws(Failure) -> [[UInt8]: JSONValue?] {
    let value: JSONValue
    do {
      let image = try DockerSpec.V1Image(parsing: text)
      // Docker before 1.8.3 wrote these without some members, which count as present.
      let isOld = !image.dockerVersion.isEmpty && isVersion(image.dockerVersion, before: "1.8.3")
      value = try JSONValue(parsingGo: isOld ? image.encoded : text)
    } catch {
      throw .badData("decoding configuration: \(error.reason)")
    }
    var members: [[UInt8]: JSONValue?] = [:]
    for (key, member) in value.members { members[key.stringBytes ?? []] = member }
    for name in ["id", "parent", "parent_id", "layer_id", "throwaway", "Size"] {
      members.removeValue(forKey: Array(name.utf8))
    }
    for name in ["rootfs", "history"] { members.updateValue(nil, forKey: Array(name.utf8)) }
    return members
  }

  private func rootFS(_ diffIDs: [Digest]) -> DockerSpec.RootFS {
    var spec = DockerSpec.RootFS()
    spec.type = "layers"
    spec.diffIDs = diffIDs.map { DigestText(value: $0.description) }
    return spec
  }

  private var history: [DockerSpec.History] {
    entries.map { entry in
      var spec = DockerSpec.History()
      spec.created = entry.spec.created
      spec.author = entry.spec.author
      spec.createdBy = (entry.spec.containerConfig.command ?? []).joined(separator: " ")
      spec.comment = entry.spec.comment
      spec.isEmptyLayer = entry.isThrowaway
      return spec
    }
  }
}

/// Whether one dotted version is below another, which does not end in `.0`; parts that are not numbers count as 0.
///
/// Source: docker/docker, api/types/versions.
func isVersion(_ version: String, before other: String) -> Bool {
  func numbers(_ text: String) -> [Int] {
    text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
  }
  return numbers(version).lexicographicallyPrecedes(numbers(other))
}
