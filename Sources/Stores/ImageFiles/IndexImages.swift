import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource
import JSON

/// Finds the manifest for a platform in nested indexes, or reads them as one list.
struct IndexImages: Sendable {
  let blobs: BlobFiles
  let choice: PlatformChoice

  /// The deepest nesting of indexes, as containerd follows it.
  static let maximumDepth = 4
  /// How many manifests are read for one image: those without a platform must be read to find out theirs.
  private static let maximumReadings = 256

  /// The image of a descriptor, which may be an index; if lists are wanted, all images of one.
  func images(_ descriptor: Descriptor) throws(Failure) -> [StoredImage] {
    try images(blobs.manifest(descriptor), declared: descriptor.mediaType)
  }

  /// The image of a manifest or an index; if lists are wanted, all images of one.
  func images(_ bytes: [UInt8], declared: MediaType? = nil) throws(Failure) -> [StoredImage] {
    var readings = IndexImages.maximumReadings
    guard choice.takesLists, isManifestList(bytes, declared: declared) else {
      return [try image(bytes, declared: declared, depth: 0, &readings)]
    }
    return try images(of: flat(SourceList(parsing: bytes), depth: 1, &readings))
  }

  /// The images of a list that are there as a whole.
  private func images(of list: SourceList) throws(Failure) -> [StoredImage] {
    var readable: Manifest?
    do throws(Failure) {
      return try choice.instances(of: list) {
        entry throws(Failure) -> (image: StoredImage, platform: Platform?)? in
        guard try blobs.hasManifest(entry), !blobs.isOther(entry) else { return nil }
        let manifest = try Manifest(parsing: blobs.manifest(entry))
        readable = readable ?? manifest
        guard try blobs.hasParts(of: manifest) else { return nil }
        let image = try blobs.image(of: manifest)
        return (image, image.platform)
      }.map { instance in
        var image = instance.image
        image.index = RecordIndex(list: list, instance: instance.entry.digest)
        return image
      }
    } catch {
      // A source may say why the parts of an image are not there.
      if error.kind == .notFound, choice.required.isEmpty, let readable { _ = try blobs.image(of: readable) }
      throw error
    }
  }

  /// A list with the entries of the lists in it.
  private func flat(
    _ list: SourceList, depth: Int, _ readings: inout Int
  ) throws(Failure) -> SourceList {
    var nested: [Digest: SourceList] = [:]
    for entry in list.images where entry.mediaType.isList {
      readings -= 1
      guard depth < IndexImages.maximumDepth, readings > 0 else {
        throw Failure(.badData, "", "indexes are nested deeper than \(IndexImages.maximumDepth)")
      }
      guard try blobs.hasManifest(entry) else { continue }
      let inner = try SourceList(parsing: blobs.manifest(entry))
      nested[entry.digest] = try flat(inner, depth: depth + 1, &readings)
    }
    return try list.replacing(nested)
  }

  private func image(
    _ bytes: [UInt8], declared: MediaType?, depth: Int, _ readings: inout Int
  ) throws(Failure) -> StoredImage {
    guard isManifestList(bytes, declared: declared) else {
      return try blobs.image(of: Manifest(parsing: bytes))
    }
    guard depth < IndexImages.maximumDepth else {
      throw Failure(.badData, "", "indexes are nested deeper than \(IndexImages.maximumDepth)")
    }
    let all = try listedManifests(parsing: bytes)
    var image = try chosen(from: all.filter { !$0.isAttestation }, depth: depth, &readings)
    if all.contains(where: \.isAttestation) { image.hasAttestations = true }
    return image
  }

  /// The image for a wanted platform among the entries of an index.
  private func chosen(
    from listed: [Descriptor], depth: Int, _ readings: inout Int
  ) throws(Failure) -> StoredImage {
    let wanted = choice.single.wanted()
    var named = listed.filter { $0.platform.map { wanted.contains($0.platform) } ?? false }
    for _ in 0..<IndexImages.maximumReadings {
      guard let position = named.position(for: wanted) else { break }
      let entry = named.remove(at: position)
      if try blobs.hasManifest(entry) {
        return try image(blobs.manifest(entry), declared: entry.mediaType, depth: depth + 1, &readings)
      }
    }
    for entry in listed where entry.platform == nil {
      readings -= 1
      guard readings > 0 else {
        throw Failure(.badData, "", "an index with too many manifests without platform")
      }
      guard try blobs.hasManifest(entry) else { continue }
      let found = try image(blobs.manifest(entry), declared: entry.mediaType, depth: depth + 1, &readings)
      guard let platform = found.platform else { return found }
      if wanted.contains(platform) { return found }
    }
    throw try absent(wanted.first, listed)
  }

  /// The failure if an index has no image for a platform: says which other platforms there are.
  private func absent(_ wanted: Platform?, _ listed: [Descriptor]) throws(Failure) -> Failure {
    var present: [Platform] = []
    for entry in listed.prefix(IndexImages.maximumReadings) {
      if let platform = entry.platform?.platform, try blobs.hasManifest(entry) { present.append(platform) }
    }
    let isListed = listed.contains { $0.platform?.platform == wanted }
    return Failure(absent: wanted, isListed: isListed, present: present)
  }
}

extension StoredImage {
  /// The platform in the config; nil if it names none.
  var platform: Platform? { ConfigFacts(config: config.bytes).platform }
}
