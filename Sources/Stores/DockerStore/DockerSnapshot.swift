import Diagnostics
import Digests
import ImageReference
import POSIX

/// The names and the IDs in a store at one moment.
///
/// The daemon writes an image from its layers to its names, each complete before it gets its own name, and removes it
/// in the other order. So what a name leads to is complete, unless the image is being removed.
/// Source: moby, daemon/internal/image/fs.go, daemon/internal/layer/filestore.go.
final class DockerSnapshot {
  let location: DockerLocation
  let repositories: DockerRepositories
  /// The IDs of all images, in their order; read on first use.
  private var listed: [Digest]?

  /// Reads the names.
  init(of location: DockerLocation) throws(Failure) {
    self.location = location
    repositories = try DockerRepositories(location.repositories)
  }

  /// The IDs of all images, with and without names, in their order.
  func images() throws(Failure) -> [Digest] {
    if let listed { return listed }
    let names: [Path]
    do {
      names = try location.configs.directoryEntries()
    } catch {
      guard error.isNotFound else { throw error.failure }
      names = []
    }
    // Files that are being written have other names.
    let images = names.compactMap { Digest(hex: String(decoding: $0.bytes, as: UTF8.self)) }
    listed = images
    return images
  }

  /// Whether the store has an image.
  func has(_ id: Digest) throws(Failure) -> Bool {
    do {
      return try location.config(of: id).isPresent()
    } catch {
      throw error.failure
    }
  }

  /// Whether names and IDs are the same as in another snapshot.
  func isUnchanged(since other: DockerSnapshot) throws(Failure) -> Bool {
    guard repositories.bytes == other.repositories.bytes else { return false }
    // Not read there: unknown.
    guard let before = other.listed else { return false }
    return try images() == before
  }

  /// An image that was looked up.
  struct Found {
    /// The ID.
    let id: Digest
    /// The complete name, with a tag or a digest; nil for an image found by its ID.
    let name: ImageReference?
    /// The rule that found it.
    let match: DockerMatch
  }

  /// Finds an image by the rules of `docker image inspect` and `docker run`.
  ///
  /// Names are exact: a name without a tag is that with `latest`, one without a registry is of docker.io. A name comes
  /// before a prefix of an ID.
  /// Source: moby, daemon/images/image.go, GetImage.
  func find(_ input: String) throws(Failure) -> Found {
    if input.isEmpty { throw Failure(.usage, "", "the name is empty; is the variable set?") }
    if let id = Digest(input) ?? Digest(hex: input) {
      guard try has(id) else { throw Failure(.notFound, input, "no image with this ID in Docker's store") }
      return Found(id: id, name: nil, match: .id)
    }
    let reference: ImageReference
    do {
      reference = try ImageReference.parseDockerReference(input)
    } catch {
      throw Failure(.usage, input, error.description)
    }
    if let image = repositories.image(named: reference) {
      return Found(id: image, name: reference, match: reference.digest == nil ? .name : .digest)
    }
    let prefix = "sha256:"
    let digits = Array((input.hasPrefix(prefix) ? input.dropFirst(prefix.count) : input[...]).utf8)
    if digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) {
      let images = try images().filter { $0.hex.utf8.starts(with: digits) }
      if images.count > 1 { throw Failure(.badData, input, "\(images.count) images have IDs with this prefix") }
      if let image = images.first { return Found(id: image, name: nil, match: .idPrefix) }
    }
    throw Failure(.notFound, input, "image not known")
  }
}

/// The rule by which an image of Docker's store was found; part of records.
enum DockerMatch: String {
  /// By a name with a tag.
  case name
  /// By the digest that was pulled, with its repository.
  case digest
  /// By the whole ID.
  case id
  /// By the only ID with a prefix.
  case idPrefix = "id-prefix"
}
