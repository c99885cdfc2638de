import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageSource
import Tar

/// The plan of a save; reads no layer and writes nothing.
public struct OutputPlan: Sendable {
  /// The files in the order of writing; the name of a directory ends in a slash.
  public let members: [PlannedMember]
  /// The size in bytes of the output, or of the new files of a directory; nil if known only after writing.
  public let size: UInt64?
  /// The largest size of a temporary file in bytes; nil if known only after writing.
  public let temporarySize: UInt64?
  /// What the save does in another way because of its target.
  public let notes: [String]
  /// What is left out of each image.
  public let omissions: [Omission]
  /// The lists, in the order of the output.
  public let lists: [ListOutline]
  /// The layers that the target already holds.
  public let present: [WrittenLayer]
  /// The number of layers that are left out.
  public let absentLayers: Int
  /// The size of the layers that are left out, in bytes; nil if one is not known.
  public let saved: UInt64?
  /// The failures of the save that the files in the target cause.
  public var refusals: [Failure] = []
}

/// A planned file of an output.
public struct PlannedMember: Sendable {
  /// The kind of the member.
  enum Kind: Sendable {
    case directory
    case link(target: String)
    case file([UInt8]?)
    case layer(Digest)
  }

  let kind: Kind
  /// The name; nil if known only after writing.
  public let name: String?
  /// The size of the contents in bytes; nil if known only after writing.
  public let size: UInt64?

  /// The diffID of the layer in the member; nil if it is not a layer.
  public var layer: Digest? { if case .layer(let digest) = kind { digest } else { nil } }
  /// The target of a symbolic link.
  public var link: String? { if case .link(let target) = kind { target } else { nil } }

  /// The header of the member in an archive; nil if known only after writing.
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
  /// The entry as a member, as far as the layers in `written` determine it; `isSettled` if they are all known.
  func member(_ written: WrittenLayers, isSettled: Bool = true) throws(Failure) -> PlannedMember {
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
