import Diagnostics
import POSIX

/// The target of an output, with its options.
public struct OutputTarget: Sendable {
  /// The file or directory; nil is standard output.
  public var path: Path?
  /// Whether an existing target is replaced.
  public var force = false
  /// Whether to flush everything to the disk before reporting success.
  public var synchronize = false
  /// Whether ``ArchiveOutput/finish()`` returns size and digest of the output.
  public var summarizes = false
  /// The calls that name files.
  var naming = Naming()
  /// How long to wait for another process that adds to the same directory, in seconds.
  var patience: UInt64 = 10

  /// A target at a path.
  public init(path: Path?) {
    self.path = path
  }
}

extension OutputTarget {
  /// The directory in which the target is created or replaced, and the target itself, as a descriptor its file.
  public var places: [Path] {
    guard let path else { return [] }
    guard DescriptorPath(path) == nil, let target = try? followed(path) else { return [path] }
    return [target.parent, target]
  }

  /// Refuses a target that a save would refuse at its start; changes nothing.
  ///
  /// - Throws: The ``Diagnostics/Failure`` that the save would throw.
  public func check(for kind: OutputKind) throws(Failure) {
    switch try disposition(for: kind) {
    case .file(let target, _), .newDirectory(let target, replaces: .nothing),
      .newDirectory(let target, replaces: .directory):
      try check(target) { () throws(SystemError) in try target.parent.checkWritable() }
    case .newDirectory(let target, replaces: .contents), .existingDirectory(let target, _):
      try check(target) { () throws(SystemError) in try target.checkWritable() }
    case .emptyFile(let target, inPlace: true):
      try check(target) { () throws(SystemError) in
        try target.checkFileReadable()
        try target.checkFileWritable()
      }
    case .stream(.path(let path, _)):
      try converting(\.failure) { () throws(SystemError) in try path.checkFileWritable() }
    case .emptyFile, .stream: break
    }
  }

  /// The failure of a save that creates files in an existing subdirectory of its target; nil if it can.
  public static func refusal(ofSubdirectory path: Path) -> Failure? {
    guard path.exists else { return nil }
    do {
      try path.checkWritable()
      return nil
    } catch {
      return .cannotCreate(path, error)
    }
  }

  private func check(_ target: Path, _ body: () throws(SystemError) -> Void) throws(Failure) {
    do {
      try body()
    } catch {
      throw .cannotCreate(target, error)
    }
  }

  /// What a save does in another way than for a new target on a local disk, as far as known without writing.
  public func notes(for kind: OutputKind) -> [String] {
    guard let disposition = try? disposition(for: kind) else { return [] }
    switch disposition {
    case .file(let target, let replaces):
      let way = replaces ? "rename" : "link or rename"
      return limitedName(at: target.parent).map {
        ["\($0): may write a file with a temporary name and \(way) it at the end"]
      } ?? []
    case .emptyFile(let target, inPlace: true):
      return ["\(target): writes into the existing empty file; empties it after a failure"]
    case .newDirectory(let target, replaces: .directory):
      return limitedName(at: target).map { ["\($0): may rename the old directory before the new one"] } ?? []
    case .newDirectory(let target, replaces: .contents):
      return ["\(target): cannot be renamed; removes its contents and moves the new ones into it"]
    case .existingDirectory(let target, isEmpty: true):
      return ["\(target): writes into the existing empty directory; empties it after a failure"]
    case .stream(.descriptor(let number, let path)):
      return ["\(path): writes into descriptor \(number); a failure leaves a truncated archive"]
    case .emptyFile, .newDirectory, .existingDirectory, .stream: return []
    }
  }

  private func limitedName(at path: Path) -> String? {
    guard let type = try? FileSystemType.of(path) else { return nil }
    return type.limitedName
  }
}
