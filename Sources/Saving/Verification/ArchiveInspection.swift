import Compression
import Diagnostics
import Digests
import LayerPipeline
import POSIX
import Tar
import ZstdCompression

/// Reads an archive once, from start to end, and collects what the checks need.
struct ArchiveInspection {
  /// The most members of an archive.
  private static let memberLimit = 100_000
  /// The most bytes of the names of all members.
  private static let nameLimit = 16 << 20

  /// The files of the archive.
  private(set) var inventory = Inventory()
  /// The faults of the archive itself.
  private(set) var findings = Findings()
  /// The number of bytes of the archive.
  private(set) var size: UInt64 = 0
  /// The SHA-256 of the archive; nil unless asked for.
  private(set) var digest: Digest?
  private let contents: ContentInspection
  private var nameBytes = 0

  /// Reads an archive, plain or compressed as a whole, to its end.
  ///
  /// - Throws: A ``Diagnostics/Failure`` if the source cannot be read, or its compression is not supported.
  init(_ source: any ByteSource, _ options: Verification.Options) throws(Failure) {
    contents = ContentInspection(isDeep: options.isDeep, usesThreads: options.usesThreads)
    if options.usesThreads {
      let total = Lock((size: UInt64(0), hash: SHA256()))
      let file = ReadAhead(source) { bytes in
        total.withLock { total in
          total.size += UInt64(bytes.count)
          if options.hashesArchive { total.hash.update(bytes) }
        }
      }
      try readArchive(file)
      (size, digest) = total.withLock { ($0.size, options.hashesArchive ? $0.hash.digest() : nil) }
    } else {
      let file = HashingSource(source)
      try readArchive(file)
      (size, digest) = (file.size, options.hashesArchive ? file.digest : nil)
    }
  }

  /// Reads a file to its end.
  private mutating func readArchive(_ file: any ByteSource) throws(Failure) {
    let start = try PeekedSource(file, count: CompressionFormat.magicSize)
    if let format = start.format {
      let plain = try contents.readingAhead(decompressing(start, format))
      try read(plain)
      try drain(plain)
    } else {
      try read(start)
    }
    try contents.drain(start)
  }

  /// Reads the members, and what follows them.
  private mutating func read(_ source: any ByteSource) throws(Failure) {
    let reader = TarReader(source)
    do throws(Failure) {
      try readMembers(reader)
    } catch {
      guard error.kind == .badData else { throw error }
      let code =
        reader.end == .early || error.reason.hasSuffix("unexpected end") ? Fault.Code.noTrailer : .tarHeader
      return findings.add(Fault(code, error.reason))
    }
    if reader.end == .noZeroBlocks { findings.add(Fault(.noTrailer, "tar: no two zero blocks at the end")) }
    guard reader.end == .zeroBlocks else { return }
    do throws(Failure) {
      if try !contents.drainZeros(source) {
        findings.add(Fault(.trailingData, "tar: data after the end of the archive, at byte \(reader.position)"))
      }
    } catch {
      guard error.kind == .badData else { throw error }
      let isCut = error.reason.hasSuffix("unexpected end")
      findings.add(Fault(isCut ? .noTrailer : .trailingData, error.reason))
    }
  }

  /// Reads what a fault has left of a source; other faults in it do not matter.
  private func drain(_ source: any ByteSource) throws(Failure) {
    do throws(Failure) {
      try contents.drain(source)
    } catch {
      guard error.kind == .badData else { throw error }
    }
  }

  private mutating func readMembers(_ reader: TarReader) throws(Failure) {
    var count = 0
    var last: String?
    while let member = try reader.next() {
      report(reader.hasDirtyPadding, after: last)
      last = String(decoding: member.name, as: UTF8.self)
      count += 1
      nameBytes += member.name.count + member.linkTarget.count
      guard count <= ArchiveInspection.memberLimit, nameBytes <= ArchiveInspection.nameLimit else {
        throw Failure(
          .badData, "", "tar: more than \(ArchiveInspection.memberLimit) members, or too long names")
      }
      try read(member, reader)
    }
    report(reader.hasDirtyPadding, after: last)
  }

  private mutating func report(_ hasDirtyPadding: Bool, after member: String?) {
    guard hasDirtyPadding, let member else { return }
    findings.add(Fault(.trailingData, member: member, "\(member): the filling after the file is not zero"))
  }

  private mutating func read(_ member: TarMember, _ reader: TarReader) throws(Failure) {
    let title = String(decoding: member.name, as: UTF8.self)
    guard let name = member.cleanName else {
      return findings.add(Fault(.name, member: title, "\(title): a name that leads outside"))
    }
    if member.name.first == UInt8(ascii: "/") {
      findings.add(Fault(.name, member: title, "\(title): an absolute name"))
    }
    if member.kind == .directory { return }
    var file = FileFacts(name: name, kind: member.kind, target: member.cleanTarget)
    if member.kind == .file {
      file = try contents.facts(of: MemberSource(reader), name: name, size: member.size, findings: &findings)
    }
    if !inventory.add(file) {
      findings.add(Fault(.duplicateMember, member: title, "\(title): two members have this name"))
    }
  }
}

/// The data of the current member of a reader.
private final class MemberSource: ByteSource {
  private let reader: TarReader

  init(_ reader: TarReader) {
    self.reader = reader
  }

  var name: String { "member" }

  func readSome(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    try reader.read(into: buffer)
  }
}
