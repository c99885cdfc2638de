import Diagnostics
import Digests
import ImageReference
import JSON
import POSIX

/// The names of images: the file repositories.json.
///
/// Source: moby, daemon/internal/refstore/store.go.
struct DockerRepositories: Sendable {
  /// A name of an image.
  struct Entry: Sendable {
    /// The complete name, with a tag or with the digest that was pulled.
    let name: ImageReference
    /// The ID of the image.
    let image: Digest
  }

  /// The names in the order of the file.
  let entries: [Entry]
  /// The file as it was read.
  let bytes: [UInt8]
  private let images: [String: Digest]

  /// Reads the file; a missing one has no names.
  ///
  /// The daemon replaces the file as a whole. Entries that are no names or IDs are left out: they name no image.
  init(_ path: Path) throws(Failure) {
    guard let bytes = try DockerRepositories.contents(of: path) else {
      entries = []
      bytes = []
      images = [:]
      return
    }
    self.bytes = bytes
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, rules: .lenient)
    } catch {
      throw Failure(.badData, path.description, "\(error)")
    }
    guard let repositories = value["Repositories"], repositories.kind == .object || repositories.isNull else {
      throw Failure(.badData, path.description, "no repositories")
    }
    var entries: [Entry] = []
    var images: [String: Digest] = [:]
    for (_, repository) in repositories.members {
      for (key, value) in repository.members {
        guard let key = key.string, let name = try? ImageReference.parseNormalized(key),
          (name.tag == nil) != (name.digest == nil), let image = value.string.flatMap({ Digest($0) })
        else { continue }
        entries.append(Entry(name: name, image: image))
        images[name.description] = image
      }
    }
    self.entries = entries
    self.images = images
  }

  private static func contents(of path: Path) throws(Failure) -> [UInt8]? {
    do {
      return try path.contents(limit: 256 << 20)
    } catch {
      if error.isNotFound { return nil }
      throw error.failure
    }
  }

  /// The ID of the image with a complete name.
  func image(named name: ImageReference) -> Digest? { images[name.description] }

  /// The complete names of an image.
  func names(of image: Digest) -> [ImageReference] {
    entries.filter { $0.image == image }.map(\.name)
  }
}
