import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource
import Tar

/// What a save would write, without writing it and without reading a layer.
public struct OutputPlan: Sendable {
  /// The files in the order they are written; the name of a directory ends in a slash.
  public let members: [PlannedMember]
  /// The length of the output as a whole in bytes, of a directory that of its new files; nil if only writing can tell.
  public let size: UInt64?
  /// The most that a temporary file takes, in bytes; nil if only writing can tell.
  public let temporarySize: UInt64?
}

/// A file of an output that is planned.
public struct PlannedMember: Sendable {
  /// What the member is.
  enum Kind: Sendable {
    case directory
    case link(target: String)
    case file([UInt8]?)
    case layer(Digest)
  }

  let kind: Kind
  /// Its name; nil if only writing can tell.
  public let name: String?
  /// The length of its contents in bytes; nil if only writing can tell.
  public let size: UInt64?

  /// The diffID of the layer that it holds, if it holds one.
  public var layer: Digest? { if case .layer(let digest) = kind { digest } else { nil } }
  /// What a symbolic link points to.
  public var link: String? { if case .link(let target) = kind { target } else { nil } }

  /// The header of the member in an archive; nil if only writing can tell.
  func header(_ style: TarStyle) -> TarHeader? {
    guard let name, let size else { return nil }
    switch kind {
    case .directory:
      return TarHeader(name: name, kind: .directory, mode: style.directoryMode, modificationTime: style.time)
    case .link(let target): return TarHeader(name: name, kind: .symbolicLink(target: target), mode: 0)
    case .file, .layer:
      return TarHeader(name: name, kind: .file(size: size), mode: style.fileMode, modificationTime: style.time)
    }
  }
}

extension Entry {
  /// The entry as it is known when some layers have been written.
  func member(_ written: WrittenLayers, isSettled: Bool) throws(Failure) -> PlannedMember {
    switch self {
    case .directory(let name): return PlannedMember(kind: .directory, name: name, size: 0)
    case .link(let name, let target): return PlannedMember(kind: .link(target: target), name: name, size: 0)
    case .file(let name, let bytes):
      return PlannedMember(kind: .file(bytes), name: name, size: UInt64(bytes.count))
    case .layer(let layer, let named):
      let written = written[layer.layer]
      return PlannedMember(
        kind: .layer(layer.layer.diffID), name: written.map { named($0.digest) }, size: written?.size)
    case .deferred(let name, let make):
      guard isSettled else { return PlannedMember(kind: .file(nil), name: name, size: nil) }
      let file = try make(written)
      return PlannedMember(kind: .file(file.bytes), name: file.name, size: UInt64(file.bytes.count))
    }
  }
}
