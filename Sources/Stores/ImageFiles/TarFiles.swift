import Compression
import Diagnostics
import Digests
import Tar

/// The members of a tar by name, read in place: the headers are read once, data only when asked for.
final class TarFiles: NamedFiles {
  /// What a name in the archive is.
  fileprivate enum Member {
    case file(offset: UInt64, size: UInt64)
    /// A link to another name; nil if that cannot be in the archive.
    case link([UInt8]?)
    case other
  }

  /// The most members, and the most bytes of all names.
  private static let maximumMembers = 100_000
  private static let maximumNames = 32 << 20
  /// The most links from a name to its file.
  private static let maximumLinks = 8
  /// The names by which readers recognise an archive: two members would be two archives.
  private static let decisive = ["manifest.json", "index.json", "oci-layout"].map { Array($0.utf8) }

  let name: String
  private let archive: Archive
  private let members: [[UInt8]: Member]
  private let ambiguous: Set<[UInt8]>
  /// The number of bytes after the end of the archive that are not zero; at most one MiB is looked at.
  let garbage: Int

  /// Reads all headers of an archive.
  ///
  /// - Throws: A failure of the kind `badData` for anything but a complete tar.
  init(_ archive: Archive) throws(Failure) {
    self.archive = archive
    name = archive.name
    let source = OpenFileBytes(archive.file, size: archive.size, name: archive.name)
    let reader = TarReader(source)
    var index = Index()
    do throws(Failure) {
      while let member = try reader.next() { try index.add(member) }
    } catch {
      guard index.count == 0, reader.position <= UInt64(TarHeader.blockSize) else { throw error }
      throw Failure(error.kind, archive.name, "not a tar archive (\(error.reason))")
    }
    if index.count == 0 { throw Failure(.badData, archive.name, "the archive is empty") }
    members = index.members
    ambiguous = index.ambiguous
    garbage = reader.end == .zeroBlocks ? try TarFiles.garbage(in: source) : 0
  }

  private static func garbage(in source: OpenFileBytes) throws(Failure) -> Int {
    var rest = [UInt8](repeating: 0, count: Int(min(source.remaining, 1 << 20)))
    let count = try rest.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
    return rest[..<count].contains { $0 != 0 } ? count : 0
  }

  func find(_ name: String) throws(Failure) -> NamedFile? {
    var path = Array(name.utf8)
    let subject = "\(self.name)/\(name)"
    for _ in 0...TarFiles.maximumLinks {
      if ambiguous.contains(path) { throw Failure(.badData, subject, "the archive has it twice") }
      switch members[path] {
      case nil: return nil
      case .other: throw Failure(.badData, subject, "not a regular file")
      case .link(nil): throw Failure(.badData, subject, "a link out of the archive")
      case .link(let target?): path = target
      case .file(let offset, let size):
        let file = archive.file
        return NamedFile(name: subject, offset: offset, size: size) { file }
      }
    }
    throw Failure(.badData, subject, "more than \(TarFiles.maximumLinks) links")
  }

  /// The members while the headers are read.
  struct Index {
    fileprivate private(set) var members: [[UInt8]: Member] = [:]
    private(set) var ambiguous: Set<[UInt8]> = []
    private(set) var count = 0
    private var nameBytes = 0

    /// Adds a member; the last one of a name counts, but a hard link means the one before it.
    mutating func add(_ member: TarMember) throws(Failure) {
      count += 1
      nameBytes += member.name.count + member.linkTarget.count
      guard count <= TarFiles.maximumMembers, nameBytes <= TarFiles.maximumNames else {
        throw Failure(.badData, "", "too many members, more than \(count - 1)")
      }
      guard let name = member.cleanName, !name.isEmpty else { return }
      if TarFiles.decisive.contains(name), members[name] != nil { ambiguous.insert(name) }
      switch member.kind {
      case .file: members[name] = .file(offset: member.offset, size: member.size)
      case .symbolicLink: members[name] = .link(member.cleanTarget)
      case .hardLink: members[name] = member.cleanTarget.flatMap { members[$0] } ?? .link(member.cleanTarget)
      case .directory, .sparse, .other: members[name] = .other
      }
    }
  }
}
