import Digests
import Tar

/// What is known about a file of an archive or a directory after it was read.
struct FileFacts: Sendable {
  /// What is inside of a file.
  enum Inside: Sendable {
    /// The file is not compressed.
    case same
    /// The digest of the uncompressed bytes, and their number.
    case compressed(Digest, size: UInt64)
    /// The file cannot be decompressed, for a reason.
    case damaged(String)
  }

  /// The clean name.
  let name: [UInt8]
  /// What the file is.
  var kind = TarMember.Kind.file
  /// The clean name that a link leads to; nil for other files, and for links that lead outside.
  var target: [UInt8]?
  /// The number of bytes.
  var size: UInt64 = 0
  /// The SHA-256 of the bytes.
  var digest = Digest(value: SIMD32())
  /// What is inside.
  var inside = Inside.same
  /// The bytes, if they are JSON and not too many.
  var text: [UInt8]?

  /// The name for messages.
  var title: String { String(decoding: name, as: UTF8.self) }

  /// The digest of the uncompressed bytes; nil if they cannot be decompressed.
  var plainDigest: Digest? {
    switch inside {
    case .same: digest
    case .compressed(let digest, _): digest
    case .damaged: nil
    }
  }
}

/// The files of an archive or a directory.
struct Inventory: Sendable {
  /// The limit of links to links.
  private static let longestChain = 8

  private(set) var files: [[UInt8]: FileFacts] = [:]
  /// The names in the order of the archive.
  private(set) var names: [[UInt8]] = []

  /// Adds a file; returns false if the name is taken. Later files replace earlier ones.
  mutating func add(_ file: FileFacts) -> Bool {
    if files.updateValue(file, forKey: file.name) != nil { return false }
    names.append(file.name)
    return true
  }

  /// Whether there is a file, of any kind.
  func has(_ name: String) -> Bool { files[Array(name.utf8)] != nil }

  /// The regular file of a name, through links inside; nil if there is none.
  func regularFile(_ name: [UInt8]) -> FileFacts? {
    var name = name
    for _ in 0...Inventory.longestChain {
      guard let file = files[name] else { return nil }
      if file.kind == .file { return file }
      guard let target = file.target else { return nil }
      name = target
    }
    return nil
  }

  /// The regular file of a name, through links inside; nil if there is none.
  func regularFile(_ name: String) -> FileFacts? { regularFile(Array(name.utf8)) }

  /// The regular file of a digest in an OCI layout.
  func blob(_ digest: Digest) -> FileFacts? { regularFile("blobs/sha256/\(digest.hex)") }
}
