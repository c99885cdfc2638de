import Diagnostics
import Digests
import ImageModel
import ImageReference

/// An image that was looked up.
struct FoundImage {
  /// What the name or the ID stands for.
  let target: BlobDescriptor
  /// The complete name, with a tag or a digest; nil for an image found by an ID, or by a key that is no name.
  let name: ImageReference?
  /// The rule that found it.
  let match: ContainerdMatch
}

/// The rule by which an image of containerd was found; part of records.
enum ContainerdMatch: String {
  /// By its key, as typed or completed.
  case name
  /// By the digest of the manifest or index, with its repository.
  case digest
  /// By the whole digest of the manifest, index or config.
  case id
  /// By the only such digest with a prefix.
  case idPrefix = "id-prefix"
}

/// One lookup: the rules in order.
///
/// A key exactly as ctr has it; a name completed as nerdctl, CRI and Docker do; then an ID: the digest of the target,
/// which Docker shows, or that of the config, which CRI shows.
/// Source: containerd, internal/cri/store/image; moby, daemon/containerd/image.go; nerdctl, pkg/idutil.
struct ContainerdLookup {
  let images: ContainerdImages
  /// The digest of the config of a target; nil if it cannot be read.
  let config: (BlobDescriptor) throws(Failure) -> Digest?

  /// The least digits of an ID.
  private static let shortestPrefix = 4

  func find(_ input: String) throws(Failure) -> FoundImage {
    if input.isEmpty { throw Failure(.usage, "", "the name is empty; is the variable set?") }
    let id = Digest(input) ?? Digest(hex: input)
    if let image = try images.image(named: input) {
      let name = ContainerdLookup.reference(input)
      return FoundImage(
        target: try target(of: image), name: name,
        match: id != nil ? .id : name?.digest == nil ? .name : .digest)
    }
    if id == nil, let found = try findByReference(input) { return found }
    let prefix = "sha256:"
    let digits = Array((input.hasPrefix(prefix) ? input.dropFirst(prefix.count) : input[...]).utf8)
    guard digits.count >= ContainerdLookup.shortestPrefix,
      digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { throw Failure(.notFound, input, "image not known") }
    return try findByDigest(digits, input)
  }

  /// A key as a name with a tag or a digest; nil for a key that is no such name.
  ///
  /// CRI adds a key for the digest of the config, Docker one for an image without a name.
  static func reference(_ key: String) -> ImageReference? {
    if Digest(key) != nil || key.hasPrefix("moby-dangling@") { return nil }
    guard let written = try? ImageReference.parse(key), written.tag != nil || written.digest != nil else {
      return nil
    }
    return try? ImageReference.parseNormalized(key).withoutTagIfDigested
  }

  private func findByReference(_ input: String) throws(Failure) -> FoundImage? {
    let reference: ImageReference
    do {
      reference = try ImageReference.parseDockerReference(input)
    } catch {
      throw Failure(.usage, input, error.description)
    }
    if let image = try images.image(named: reference.description) {
      return FoundImage(
        target: try target(of: image), name: reference, match: reference.digest == nil ? .name : .digest)
    }
    guard let digest = reference.digest.flatMap({ Digest($0) }) else { return nil }
    for image in try images.all() where image.target?.digest == digest {
      guard let target = image.target, ContainerdLookup.reference(image.name)?.name == reference.name else {
        continue
      }
      return FoundImage(target: target, name: reference, match: .digest)
    }
    return nil
  }

  /// Finds an image by (the start of) the digest of its target or, if no target has it, of its config.
  private func findByDigest(_ digits: [UInt8], _ input: String) throws(Failure) -> FoundImage {
    var targets: [BlobDescriptor] = []
    for case let target? in try images.all().map(\.target) where !targets.contains(target) {
      targets.append(target)
    }
    let match: ContainerdMatch = digits.count == 64 ? .id : .idPrefix
    let found = targets.filter { $0.digest.hex.utf8.starts(with: digits) }
    if Set(found.map(\.digest)).count > 1 { throw ambiguous(input) }
    if let target = found.first { return FoundImage(target: target, name: nil, match: match) }
    var configs: Set<Digest> = []
    var first: BlobDescriptor?
    for target in targets {
      guard let config = try config(target), config.hex.utf8.starts(with: digits) else { continue }
      configs.insert(config)
      first = first ?? target
    }
    if configs.count > 1 { throw ambiguous(input) }
    guard let first else { throw Failure(.notFound, input, "image not known") }
    return FoundImage(target: first, name: nil, match: match)
  }

  private func ambiguous(_ input: String) -> Failure {
    Failure(.badData, input, "several images have IDs with this prefix")
  }

  private func target(of image: ContainerdImage) throws(Failure) -> BlobDescriptor {
    if let target = image.target { return target }
    throw Failure(.badData, image.name, "its record in containerd's database is damaged")
  }
}
