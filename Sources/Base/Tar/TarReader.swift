import Compression
import Diagnostics

/// Reads the members of a tar archive one by one, in every dialect that writers of images use.
///
/// Knows v7, ustar, star, GNU and PAX headers. Reads no more of the source than it needs, in order, and keeps
/// nothing; after the end, the source is at the first byte after the last block that was read. Trusts nothing:
/// damaged and hostile archives are failures of the kind `badData`.
public final class TarReader {
  /// How an archive ended.
  public enum End: Sendable {
    /// With two zero blocks, as it should.
    case zeroBlocks
    /// With the source, after a member or a single zero block.
    case noZeroBlocks
    /// With the source, inside of a member or of a header.
    case early
  }

  /// How the archive ended; nil before.
  public private(set) var end: End?
  /// Whether the last call of ``next()`` read filling between data and headers that is not zero.
  public private(set) var hasDirtyPadding = false
  /// The number of bytes of the source before the next one.
  public private(set) var position: UInt64 = 0

  private let source: any ByteSource
  private var global = TarExtensions()
  /// The bytes of the member's data that were not read yet.
  private var rest: UInt64 = 0
  private var padding = 0
  private var block = [UInt8](repeating: 0, count: TarHeader.blockSize)

  /// Reads an archive from the current position of a source.
  public init(_ source: any ByteSource) {
    self.source = source
  }

  /// Skips the rest of the member before, and returns the next one; nil at the end.
  public func next() throws(Failure) -> TarMember? {
    if end != nil { return nil }
    hasDirtyPadding = false
    try finishMember()
    var extensions = TarExtensions()
    var isAfterExtension = false
    while let header = try nextHeader() {
      guard let size = header.size else { throw damaged("a size that is no number") }
      switch header.type {
      case UInt8(ascii: "x"): try addPAX(size, to: &extensions)
      case UInt8(ascii: "g"): try addPAX(size, to: &global)
      case UInt8(ascii: "L"): extensions.name = try longName(size)
      case UInt8(ascii: "K"): extensions.linkTarget = try longName(size)
      default: return try member(header, size, global.overridden(by: extensions))
      }
      isAfterExtension = isAfterExtension || header.type != UInt8(ascii: "g")
    }
    if isAfterExtension { throw damaged("an extended header without a member") }
    return nil
  }

  /// Fills a buffer with the next bytes of the member's data; returns their number, less only at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    let wanted = Int(min(UInt64(buffer.count), rest))
    try fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
    rest -= UInt64(wanted)
    return wanted
  }

  // MARK: Headers

  /// The next header that is not zero; nil at the end of the archive.
  private func nextHeader() throws(Failure) -> TarHeaderBlock? {
    guard let first = try nextBlock() else {
      end = .noZeroBlocks
      return nil
    }
    if first.isZero {
      guard let second = try nextBlock() else {
        end = .noZeroBlocks
        return nil
      }
      guard second.isZero else { throw damaged("one zero block between members") }
      end = .zeroBlocks
      return nil
    }
    guard first.hasValidChecksum else { throw damaged("a header with a wrong checksum") }
    return first
  }

  /// The next block; nil if the source has ended.
  private func nextBlock() throws(Failure) -> TarHeaderBlock? {
    let count = try block.withMutableBytes { buffer throws(Failure) in try source.read(into: buffer) }
    if count == 0 { return nil }
    position += UInt64(count)
    if count < block.count { throw endedEarly() }
    return TarHeaderBlock(block)
  }

  private func member(
    _ header: TarHeaderBlock, _ headerSize: UInt64, _ extensions: TarExtensions
  ) throws(Failure) -> TarMember {
    let name = extensions.name ?? header.name
    var kind = TarReader.kind(header.type)
    if kind == .sparse, header.isExtended { try skipSparseMap() }
    // Before POSIX, the name showed that a member was a directory.
    if header.type == 0, name.last == UInt8(ascii: "/") { kind = .directory }
    if kind == .file, extensions.isSparse { kind = .sparse }
    let isLink = kind == .symbolicLink || kind == .hardLink
    let target = isLink ? extensions.linkTarget ?? header.linkTarget : []
    guard max(name.count, target.count) <= TarReader.nameLimit else {
      throw damaged("a name of more than \(TarReader.nameLimit) bytes")
    }
    let size = TarReader.hasData(kind) ? extensions.size ?? headerSize : 0
    begin(size)
    return TarMember(name: name, linkTarget: target, kind: kind, size: size, offset: position)
  }

  private static func kind(_ type: UInt8) -> TarMember.Kind {
    switch type {
    case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
    case UInt8(ascii: "1"): .hardLink
    case UInt8(ascii: "2"): .symbolicLink
    case UInt8(ascii: "5"): .directory
    case UInt8(ascii: "S"): .sparse
    default: .other(type)
    }
  }

  /// Whether data follows the header; its size means nothing for links, devices, directories and FIFOs.
  ///
  /// Source: Go's archive/tar, reader.go, handleRegularFile.
  private static func hasData(_ kind: TarMember.Kind) -> Bool {
    switch kind {
    case .file, .sparse: true
    case .directory, .symbolicLink, .hardLink: false
    case .other(let type): !"346".utf8.contains(type)
    }
  }

  // MARK: Extended headers

  private func addPAX(_ size: UInt64, to extensions: inout TarExtensions) throws(Failure) {
    guard extensions.addPAX(try extendedData(size)) else { throw damaged("malformed PAX records") }
  }

  private func longName(_ size: UInt64) throws(Failure) -> [UInt8] {
    Array(try extendedData(size).prefix { $0 != 0 })
  }

  private func extendedData(_ size: UInt64) throws(Failure) -> [UInt8] {
    guard size <= TarReader.extensionLimit else {
      throw damaged("an extended header of more than \(TarReader.extensionLimit) bytes")
    }
    begin(size)
    var bytes = [UInt8](repeating: 0, count: Int(size))
    _ = try bytes.withMutableBytes { buffer throws(Failure) in try read(into: buffer) }
    try finishMember()
    return bytes
  }

  /// Skips the blocks of GNU's old sparse format between the header and the data.
  private func skipSparseMap() throws(Failure) {
    for _ in 0..<(TarReader.extensionLimit / UInt64(TarHeader.blockSize)) {
      guard let block = try nextBlock() else { throw endedEarly() }
      if !block.isExtendedAgain { return }
    }
    throw damaged("a sparse file of too many parts")
  }

  // MARK: Data

  private func begin(_ size: UInt64) {
    rest = size
    padding = Int(
      (UInt64(TarHeader.blockSize) - size % UInt64(TarHeader.blockSize)) % UInt64(TarHeader.blockSize))
  }

  /// Skips what is left of the member's data, and the filling of its last block.
  private func finishMember() throws(Failure) {
    if rest > 0, let source = source as? any SkippableByteSource {
      let skipped = try source.skip(rest + UInt64(padding))
      position += skipped
      if skipped < rest + UInt64(padding) { throw endedEarly() }
      (rest, padding) = (0, 0)
      return
    }
    if rest > 0 { try discard() }
    var filling = [UInt8](repeating: 0, count: padding)
    try filling.withMutableBytes { buffer throws(Failure) in try fill(buffer) }
    if filling.contains(where: { $0 != 0 }) { hasDirtyPadding = true }
    padding = 0
  }

  private func discard() throws(Failure) {
    var buffer = [UInt8](repeating: 0, count: Int(min(rest, 1 << 18)))
    while rest > 0 {
      _ = try buffer.withMutableBytes { buffer throws(Failure) in try read(into: buffer) }
    }
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(Failure) {
    let count = try source.read(into: buffer)
    position += UInt64(count)
    if count < buffer.count { throw endedEarly() }
  }

  private func endedEarly() -> Failure {
    end = .early
    return damaged("unexpected end")
  }

  private func damaged(_ reason: String) -> Failure {
    Failure(.badData, source.name, "tar: \(reason), at byte \(position)")
  }

  /// The most bytes of PAX records or of a long name: as in Go's archive/tar, maxSpecialFileSize.
  static let extensionLimit: UInt64 = 1 << 20
  /// The most bytes of a name: Linux's PATH_MAX.
  static let nameLimit = 4096
}
