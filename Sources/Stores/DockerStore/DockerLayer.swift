import Diagnostics
import Digests
import Glibc
import ImageSource
import POSIX
import TarSplit

/// A layer of Docker's store: tar-split records, and the directory of the graph driver.
struct DockerLayer: TarSplitLayer {
  /// The image of the layer, for messages.
  let name: String
  let chainID: Digest
  private let location: DockerLocation
  private let cacheID: Digest

  /// Reads the driver's ID of a layer; `image` is for messages.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `tryAgain` if the layer is gone, `badData` if it is damaged.
  init(_ chainID: Digest, in location: DockerLocation, of image: String = "") throws(Failure) {
    self.chainID = chainID
    self.location = location
    name = image
    let text = try location.text("cache-id", of: chainID)
    guard let cacheID = Digest(hex: text) else {
      // Without the text: the file may be a link to one outside of the store.
      throw Failure(.badData, location.label(chainID), "its cache-id is no ID")
    }
    self.cacheID = cacheID
  }

  var label: String { location.label(chainID) }

  func open() throws(Failure) -> any LayerReader { try assembler() }

  func checkReadable() throws(Failure) {
    // With that privilege, file modes do not matter.
    if Privileges.readsEveryFile { return }
    try checkRecordedFiles()
  }

  func records() throws(Failure) -> TarSplitReader {
    try location.explaining(chainID) { () throws(Failure) in try TarSplitReader(location.tarSplit(chainID)) }
  }

  func files() throws(Failure) -> any LayerFiles {
    let tree = try location.explaining(chainID) { () throws(Failure) in
      try DockerLayerTree(location.driver.contents(of: cacheID, in: location.root), chainID, location)
    }
    return TreeFiles(tree, label: label)
  }

  /// The length of the tar in bytes, from the records; the file `size` is the sum of the files' sizes only.
  func measure() throws(Failure) -> UInt64 {
    try location.explaining(chainID) { () throws(Failure) in
      try TarSplitReader(location.tarSplit(chainID)).measure()
    }
  }
}

/// The directory with the files of a layer.
private final class DockerLayerTree: LayerTree {
  private let path: Path
  private let directory: FileDescriptor
  private let chainID: Digest
  private let location: DockerLocation

  init(_ path: Path, _ chainID: Digest, _ location: DockerLocation) throws(Failure) {
    self.path = path
    self.chainID = chainID
    self.location = location
    do {
      // O_PATH needs no read permission: the root of a layer may have any mode.
      directory = try FileDescriptor.open(path, pathOnlyFlag | O_DIRECTORY | O_NOFOLLOW)
    } catch {
      guard error.isNotFound else { throw error.dockerFailure(at: path) }
      throw Failure(.badData, path.description, "the contents of the layer are missing")
    }
  }

  func open(_ name: UnsafePointer<CChar>) throws(LayerFileError) -> FileDescriptor {
    do {
      return try directory.open(inRoot: name)
    } catch {
      throw .file(error)
    }
  }

  func failure(_ error: SystemError, of name: [UInt8]) -> Failure {
    error.dockerFailure(at: path.appending(Path(name)))
  }

  func removal() throws(Failure) -> Failure? { try location.removal(of: chainID) }
}

extension DockerLocation {
  /// A layer in messages.
  func label(_ chainID: Digest) -> String { "layer \(chainID.hex.prefix(12))" }

  /// The text of a small metadata file of a layer.
  func text(_ file: String, of chainID: Digest) throws(Failure) -> String {
    try explaining(chainID) { () throws(Failure) in
      let bytes = try layer(chainID).appending(file).dockerContents(limit: 256)
      return String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
  }

  /// Reads something of a layer; a failure says so if the layer was removed meanwhile.
  ///
  /// The daemon renames the metadata of a layer before it deletes the files. So a second look at the metadata
  /// distinguishes a removed layer from a damaged one.
  /// Source: moby, daemon/internal/layer/layer_store.go, deleteLayer.
  func explaining<Value: ~Copyable>(
    _ chainID: Digest, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    do throws(Failure) {
      return try body()
    } catch {
      guard error.kind == .badData || error.kind == .inputOutput else { throw error }
      throw try removal(of: chainID) ?? error
    }
  }

  /// The failure of a removed layer; nil if the store has the layer.
  func removal(of chainID: Digest) throws(Failure) -> Failure? {
    let isPresent: Bool
    do {
      isPresent = try layer(chainID).isPresent()
    } catch {
      throw error.dockerFailure(at: layer(chainID))
    }
    if isPresent { return nil }
    return Failure(.tryAgain, label(chainID), "image was changed or removed while it was being read")
  }
}

extension Path {
  /// Reads a file of Docker of at most `limit` bytes.
  func dockerContents(limit: Int) throws(Failure) -> [UInt8] {
    do {
      return try contents(limit: limit)
    } catch {
      if case .system(let error) = error { throw error.dockerFailure(at: self) }
      throw error.failure
    }
  }
}

extension SystemError {
  /// The failure of a file of Docker: damage if the file is the cause; with advice if permission is missing.
  func dockerFailure(at path: Path) -> Failure {
    if isWrongFile { return Failure(.badData, path.description, reason) }
    guard isPermission else { return Failure(failure.kind, path.description, reason) }
    return Failure(.noPermission, path.description, reason).advisingOnDocker()
  }
}

extension Failure {
  /// Adds how a store can be read if permission is missing; no advice for root.
  func advisingOnDocker() -> Failure {
    advising { owner in
      owner == .other(id: 0, name: "root")
        ? "root's store: run with sudo"
        : "for rootless Docker run under `unshare -U --map-root-user --map-auto`"
    }
  }
}
