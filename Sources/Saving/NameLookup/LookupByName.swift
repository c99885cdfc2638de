import ContainersStorage
import Diagnostics
import ImageManifest
import ImageModel
import ImageReference
import ImageSource

extension Lookup {
  /// The image in a store for a complete name: the one with that name, else the one that matches its digest.
  ///
  /// A digest matches an image that has it and has any name in the same repository. If several images match,
  /// one that was pulled for the host from the list with that digest is preferred.
  /// Source: containers/image storage, storage_reference.go, resolveImage.
  func resolve(_ name: ImageReference, in store: StoreSnapshot) throws(Failure) -> ImageEntry? {
    let name = name.taggedWithLatest
    if let (image, _) = store.image(matching: name.description) {
      return image.has(repositoryOf: name) ? image : nil
    }
    guard let digest = name.digest else { return nil }
    let wanted = Array(digest.utf8)
    var result: ImageEntry?
    for image in store.images where image.hasDigest(utf8: wanted) && image.has(repositoryOf: name) {
      if result != nil, try !isInstanceForHost(image, ofList: digest) { continue }
      result = image
    }
    return result
  }

  /// Whether an image has both the manifest list of a digest and the manifest that the host selects from it.
  private func isInstanceForHost(_ image: ImageEntry, ofList digest: String) throws(Failure) -> Bool {
    guard let bytes = try ifAvailable({ () throws(Failure) in try image.bigData("manifest-" + digest) }),
      let list = try? ManifestList(parsing: bytes),
      let instance = list.instance(for: Platform.wanted(nil, host: options.host))
    else { return false }
    return try ifAvailable { () throws(Failure) in try image.bigData("manifest-" + instance) } != nil
  }
}

extension ImageEntry {
  /// Whether one of the names is in the repository of another; invalid names are in no repository.
  ///
  /// Source: containers/image storage, storage_reference.go, imageMatchesRepo.
  func has(repositoryOf name: ImageReference) -> Bool {
    let repository = name.name
    return names.contains { (try? ImageReference.parseNormalized($0))?.name == repository }
  }
}
