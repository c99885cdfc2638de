import Bolt
import Diagnostics
import Digests
import ImageModel
import POSIX

/// An image in the database of containerd: a name, and what it stands for.
struct ContainerdImage: Sendable {
  /// The key, which may be any text.
  let name: String
  /// The descriptor of a manifest or an index; nil for a damaged record.
  let target: BlobDescriptor?
}

/// The images of one namespace as of one transaction.
///
/// Source: containerd, core/metadata/buckets.go, boltutil/helpers.go.
struct ContainerdImages {
  private let database: BoltDatabase
  private let namespace: String

  /// Reads the database.
  init(in location: ContainerdLocation) throws(Failure) {
    try location.check()
    do {
      database = try BoltDatabase(location.database)
    } catch {
      throw error.advisingOnContainerd()
    }
    namespace = location.namespace
  }

  /// The image with exactly this name; nil if there is none.
  func image(named name: String) throws(Failure) -> ContainerdImage? {
    // The keys of a database are never empty.
    if name.isEmpty { return nil }
    return try read { images throws(Failure) in
      guard let bucket = try images.bucket(name) else { return nil }
      return ContainerdImage(name: name, target: try target(of: bucket))
    } ?? nil
  }

  /// All images in the order of their names.
  func all() throws(Failure) -> [ContainerdImage] {
    try read { images throws(Failure) in
      var all: [ContainerdImage] = []
      try images.visit { name, entry throws(Failure) in
        guard case .bucket(let bucket) = entry else { return }
        all.append(ContainerdImage(name: String(decoding: name, as: UTF8.self), target: try target(of: bucket)))
      }
      return all
    } ?? []
  }

  /// The names of the namespaces that have images.
  func namespaces() throws(Failure) -> [String] {
    try database.read { root throws(Failure) in
      var names: [String] = []
      try root.bucket("v1")?.visit { name, entry throws(Failure) in
        guard case .bucket(let namespace) = entry, try namespace.bucket("images") != nil else { return }
        names.append(String(decoding: name, as: UTF8.self))
      }
      return names
    }
  }

  /// Whether no transaction ended since this was read.
  func isUnchanged(in location: ContainerdLocation) throws(Failure) -> Bool {
    try database.isUnchanged(at: location.database)
  }

  /// Calls a closure with the bucket of images; nil if the namespace has none.
  private func read<Value>(_ body: (BoltBucket) throws(Failure) -> Value) throws(Failure) -> Value? {
    let name = namespace
    if name.isEmpty { return nil }
    return try database.read { root throws(Failure) in
      guard let images = try root.bucket("v1")?.bucket(name)?.bucket("images") else { return nil }
      return try body(images)
    }
  }

  /// The descriptor in the record of an image.
  private func target(of image: BoltBucket) throws(Failure) -> BlobDescriptor? {
    guard let target = try image.bucket("target"),
      let digest = try target.value("digest").flatMap({ Digest(utf8: $0) }),
      let size = try target.value("size").flatMap(signedNumber), size >= 0
    else { return nil }
    let type = try target.value("mediatype").map { String(decoding: $0, as: UTF8.self) } ?? ""
    return BlobDescriptor(mediaType: MediaType(type), digest: digest, size: UInt64(size))
  }
}

/// A number as Go writes it with PutVarint: groups of seven bits, the lowest first, and the sign in the lowest bit.
///
/// Nil for a number that is longer than 64 bits or does not end.
func signedNumber(_ bytes: ArraySlice<UInt8>) -> Int64? {
  var number: UInt64 = 0
  for (index, byte) in bytes.enumerated() {
    guard index < 9 || index == 9 && byte <= 1 else { return nil }
    number |= UInt64(byte & 0x7F) << UInt64(7 * index)
    if byte < 0x80 { return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1) }
  }
  return nil
}
