import Compression
import Diagnostics
import Digests
import POSIX
import Tar

/// The JSON files of an archive or a directory of images; layers are passed over.
struct ImageTexts {
  /// The most members of an archive, and the most bytes of names and of texts.
  private static let memberLimit = 100_000
  private static let nameLimit = 16 << 20
  private static let allTextLimit = 64 << 20
  /// The longest manifest or config, and the longest file that lists images, in bytes.
  private static let textLimit = 4 << 20
  private static let listLimit = 20 << 20

  private var texts: [[UInt8]: [UInt8]] = [:]
  private var directory: Path?

  /// Reads files of a directory when they are asked for.
  init(directory: Path) {
    self.directory = directory
  }

  /// Reads the members of an archive.
  ///
  /// - Throws: A failure of the kind `badData` for a damaged archive.
  init(archive source: any ByteSource) throws(Failure) {
    let reader = TarReader(source)
    var (members, nameBytes, textBytes) = (0, 0, 0)
    while let member = try reader.next() {
      members += 1
      nameBytes += member.name.count
      guard members <= ImageTexts.memberLimit, nameBytes <= ImageTexts.nameLimit else {
        throw .badData("too many members, more than \(members - 1)")
      }
      guard member.kind == .file, let name = member.cleanName, member.size <= ImageTexts.limit(for: name) else {
        continue
      }
      guard let text = try ImageTexts.text(of: member, reader) else { continue }
      textBytes += text.count
      guard textBytes <= ImageTexts.allTextLimit else {
        throw .badData("more than \(ImageTexts.allTextLimit) bytes of JSON")
      }
      texts[name] = text
    }
  }

  /// The bytes of the current member if it is JSON; reads no more than its start otherwise.
  private static func text(of member: TarMember, _ reader: TarReader) throws(Failure) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: Int(min(member.size, 512)))
    _ = try bytes.withMutableBytes { buffer throws(Failure) in try reader.read(into: buffer) }
    let first = bytes.first { !isBlank($0) }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
    var rest = [UInt8](repeating: 0, count: Int(member.size) - bytes.count)
    _ = try rest.withMutableBytes { buffer throws(Failure) in try reader.read(into: buffer) }
    return bytes + rest
  }

  private static func limit(for name: [UInt8]) -> Int {
    name.elementsEqual("index.json".utf8) || name.elementsEqual("manifest.json".utf8) ? listLimit : textLimit
  }

  /// The bytes of a file by its name; nil if there is none.
  ///
  /// - Throws: A failure for a file of a directory that cannot be read, or is too long.
  func text(_ name: String) throws(Failure) -> [UInt8]? {
    guard let clean = tarName(cleaning: name.utf8) else { return nil }
    guard let directory else { return texts[clean] }
    do {
      return try directory.appending(Path(clean)).contents(limit: ImageTexts.limit(for: clean))
    } catch {
      if error.isNotFound { return nil }
      throw error.failure
    }
  }
}
