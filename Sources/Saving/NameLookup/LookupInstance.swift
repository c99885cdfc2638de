import ContainersStorage
import Diagnostics
import GoJSON
import ImageManifest
import ImageModel
import ImageSource
import JSON

/// An image, with the manifest list that it was selected from.
struct ChosenImage {
  let image: ImageEntry
  /// The ID of the list; nil if the image is not an instance of one.
  var list: StorageID?
}

extension Lookup {
  /// The image for a record: itself, or an instance if it is a manifest list; nil for the wrong platform.
  ///
  /// Checks the platform if one was requested, unless the image was found by its ID.
  /// Source: libimage runtime.go, lookupImageInLocalStorage.
  func choose(_ image: ImageEntry, for candidate: String) throws(Failure) -> ChosenImage? {
    guard let manifest = try image.bigData("manifest") else {
      options.note(.noManifest(image: image.idText))
      return ChosenImage(image: image)
    }
    var chosen = ChosenImage(image: image)
    if isManifestList(manifest) {
      if options.lists != nil { return ChosenImage(image: image, list: image.id) }
      chosen = ChosenImage(image: try instance(of: image, manifest), list: image.id)
    }
    if let platform = options.platform, !chosen.image.idText.hasPrefix(candidate),
      let own = try self.platform(of: chosen.image), !own.matches(platform, host: options.host)
    {
      return nil
    }
    return chosen
  }

  /// The image in the store that a manifest list has for the requested platform.
  ///
  /// Source: libimage manifest_list.go, LookupInstance; manifests.go, LoadFromImage.
  private func instance(of image: ImageEntry, _ manifest: [UInt8]) throws(Failure) -> ImageEntry {
    let id = image.idText
    let list: ManifestList
    do {
      list = try ManifestList(parsing: manifest)
    } catch {
      throw Failure(.badData, "decoding manifest blob for image \"\(id)\"", error.reason)
    }
    guard let instances = try image.bigData("instances.json") else {
      throw Failure(
        .badData, "locating image \"\(id)\" for loading instance list",
        "locating item named \"instances.json\" for image with ID \"\(id)\" "
          + "(consider removing the image to resolve the issue): file does not exist")
    }
    guard let value = try? JSONValue(parsing: instances, rules: .lenient), value.isTextMap else {
      throw Failure(.badData, "decoding instance list for image \"\(id)\"", "not a JSON object of texts")
    }
    let wanted = Platform.wanted(options.platform, host: options.host)
    guard let digest = list.instance(for: wanted) else {
      let first = wanted.first ?? options.host()
      throw unknown(
        "no image found in \(list.name) for architecture \(goQuoted(first.architecture)), "
          + "variant \(goQuoted(first.variant)), OS \(goQuoted(first.os))")
    }
    let text = Array(digest.utf8)
    guard let result = snapshot.images.first(where: { $0.hasDigest(utf8: text) }) else {
      // The last part appears twice, as in libimage.
      throw unknown(
        "could not find image instance \(digest) of manifest list \(id) in local containers storage: image not known"
      )
    }
    return result
  }

  /// The platform in an image's config; nil if it cannot be read, which is reported elsewhere.
  func platform(of image: ImageEntry) throws(Failure) -> Platform? {
    guard let bytes = try ifAvailable({ () throws(Failure) in try image.bigData("manifest") }),
      let manifest = try? JSONValue(parsing: bytes, rules: .lenient),
      let config = try ifAvailable({ () throws(Failure) in try config(of: image, manifest) }),
      let value = try? JSONValue(parsing: config, rules: .lenient)
    else { return nil }
    return Platform(config: value)
  }

  /// The config of an image; a schema 1 manifest has none: then the one of its topmost layer.
  private func config(of image: ImageEntry, _ manifest: JSONValue) throws(Failure) -> [UInt8]? {
    if let digest = manifest.field("config")?.field("digest")?.string { return try image.bigData(digest) }
    var history = manifest.field("history")?.elements
    return history?.next()?.field("v1Compatibility")?.stringBytes
  }
}

extension JSONValue {
  /// Whether the value is null, or an object that contains only texts and nulls.
  fileprivate var isTextMap: Bool {
    isNull || (kind == .object && members.allSatisfy { $0.value.kind == .string || $0.value.isNull })
  }
}
