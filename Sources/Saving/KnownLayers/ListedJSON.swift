import Diagnostics
import Digests
import JSON

extension LayerList {
  /// The longest element of a list, in bytes; its tokens take several times its length.
  private static let valueLimit = 16 << 20

  /// Adds the images of any sequence of JSON values.
  mutating func addJSON(_ text: [UInt8]) throws(Failure) {
    var sequence = JSONElements(text, limit: LayerList.valueLimit)
    var skipped = 0
    // An array of digests, such as RootFS.Layers alone, is the list of one image.
    var list: (number: Int, layers: [Digest]) = (0, [])
    while true {
      let value: JSONValue?
      do {
        value = try sequence.next()
      } catch {
        throw .badData("malformed JSON: \(error)")
      }
      if list.number != sequence.arrays || value == nil {
        known.add(layers: list.layers)
        list = (sequence.arrays, [])
      }
      guard let value else { break }
      if let digest = value.string.flatMap({ Digest($0) }) {
        list.layers.append(digest)
        count += 1
        continue
      }
      if try !add(value) { skipped += 1 }
    }
    // An empty list is one: no image is there.
    count += sequence.emptyArrays
    if skipped > 0 {
      notes.append("\(skipped == 1 ? "1 JSON value names" : "\(skipped) JSON values name") no layers")
    }
  }

  /// Adds the layers of a JSON value; returns false if it names none.
  private mutating func add(_ value: JSONValue) throws(Failure) -> Bool {
    guard value.kind == .object else { return false }
    let isRecord = value["schema"]?.string?.hasPrefix("img/") ?? false
    if let error = value["error"], error.kind == .object, isRecord || value["input"] != nil {
      throw Failure(
        .badData, value["input"]?.string ?? "", error["message"]?.string ?? "an earlier tool failed")
    }
    guard let layers = try ListedLayers(value, isRecord: isRecord) else {
      try refuseListing(value)
      return false
    }
    count += 1
    mayBeCompressed = mayBeCompressed || layers.mayBeCompressed
    known.add(layers: layers.diffIDs)
    return true
  }

  /// Refuses the output of a command that lists images without their layers.
  private func refuseListing(_ value: JSONValue) throws(Failure) {
    if value["images"]?.elements.contains(where: { $0["repoTags"] != nil }) ?? false {
      throw .withoutLayers("crictl images", "crictl inspecti -o json $(crictl images -q)")
    }
    guard value.field("id")?.string != nil else { return }
    if value.field("repository") != nil {
      throw .withoutLayers("docker images", "docker image inspect $(docker images -q)")
    }
    // Containers have a state.
    if value.field("repotags") != nil || value.field("names") != nil, value.field("state") == nil {
      throw .withoutLayers("podman images", "podman image inspect $(podman images -q)")
    }
  }
}

extension Failure {
  /// The failure for a list of images that names no layers, with the command that does.
  static func withoutLayers(_ command: String, _ remedy: String) -> Failure {
    .badData("the output of \(command) names no layers (use \(remedy))")
  }
}

/// The layers of an image, as a program describes the image.
private struct ListedLayers {
  var diffIDs: [Digest] = []
  var mayBeCompressed = false

  /// Finds the layers by the members of an object; nil if it has none of them.
  ///
  /// - Throws: A failure of the kind `badData` for layers that are no digests.
  init?(_ value: JSONValue, isRecord: Bool) throws(Failure) {
    if isRecord {
      guard let layers = value["layers"], layers.kind == .array else {
        throw .badData("a record without layers")
      }
      try set(layers.elements.map { $0["digest"] }, "layers")
    } else if let rootFS = value["RootFS"], rootFS.kind == .object {
      // podman, docker and nerdctl image inspect.
      try set(rootFS["Layers"], "RootFS.Layers")
    } else if let rootfs = value["OCIv1"]?["rootfs"] {
      // buildah inspect.
      try set(rootfs["diff_ids"], "OCIv1.rootfs.diff_ids")
    } else if let rootfs = value["info"]?["imageSpec"]?["rootfs"] {
      // crictl inspecti.
      try set(rootfs["diff_ids"], "info.imageSpec.rootfs.diff_ids")
    } else if let rootfs = value["rootfs"], rootfs.kind == .object {
      try set(rootfs["diff_ids"], "rootfs.diff_ids")
    } else if value["Digest"]?.string != nil, let layers = value["Layers"] {
      // skopeo inspect: diffIDs of images in containers-storage, blobs elsewhere.
      try set(layers, "Layers")
      mayBeCompressed = true
    } else {
      return nil
    }
  }

  private mutating func set(_ list: JSONValue?, _ name: String) throws(Failure) {
    guard let list, !list.isNull else { return }
    guard list.kind == .array else { throw .badData("\(name) is no list") }
    try set(list.elements.map { $0 }, name)
  }

  private mutating func set(_ values: [JSONValue?], _ name: String) throws(Failure) {
    for value in values {
      guard let digest = value?.string.flatMap({ Digest($0) }) else {
        throw .badData("\(name) has something other than sha256 digests")
      }
      diffIDs.append(digest)
    }
  }
}
