import ContainersStorage
import Diagnostics
import ImageManifest
import ImageModel
import ImageReference

extension Lookup {
  /// The image of a complete name in a store: the one that has the name, else the one that fits its digest.
  ///
  /// A digest fits an image that has it and has any name of the same repository. If several images fit, one
  /// that was pulled for the host from the list of that digest is preferred.
  /// Source: containers/image storage, storage_reference.go, resolveImage.
  func resolve(_ name: ImageReference, in store: StoreSnapshot) -> ImageEntry? {
    let name = name.taggedWithLatest
    if let (image, _) = store.image(matching: name.description) {
      return image.has(repositoryOf: name) ? image : nil
    }
    guard let digest = name.digest else { return nil }
    let wanted = Array(digest.utf8)
    var result: ImageEntry?
    for image in store.images where image.hasDigest(utf8: wanted) && image.has(repositoryOf: name) {
      if result == nil || isInstanceForHost(image, ofList: digest) { result = image }
    }
    return result
  }

  /// Whether an image holds both the manifest list of a digest and the manifest that the host chooses from it.
  private func isInstanceForHost(_ image: ImageEntry, ofList digest: String) -> Bool {
    guard let bytes = try? image.bigData("manifest-" + digest),
      let list = try? ManifestList(parsing: bytes),
      let instance = list.instance(for: Platform.wanted(nil, host: options.host))
    else { return false }
    return (try? image.bigData("manifest-" + instance)) != nil
  }
}

extension ImageEntry {
  /// Whether one of the names is in the repository of another; names that are none are in no repository.
  ///
  /// Source: containers/image storage, storage_reference.go, imageMatchesRepo.
  func has(repositoryOf name: ImageReference) -> Bool {
    let repository = name.name
    return names.contains { (try? ImageReference.parseNormalized($0))?.name == repository }
  }
}
