import Compression
import Diagnostics
import Digests
import JSON
import POSIX
import Tar

/// The verdict about an archive or a directory of images.
public struct Verification: Sendable {
  /// What an archive or a directory is, by its files.
  public enum Kind: String, Sendable {
    /// An OCI image layout.
    case oci
    /// A docker-archive.
    case docker
    /// Both in one.
    case hybrid
    /// A docker-dir.
    case directory = "docker-dir"
    /// None of them.
    case unknown
  }

  /// What it is.
  public let kind: Kind
  /// What was found.
  public let findings: Findings
  /// The number of bytes of the archive, or of all files of the directory.
  public let size: UInt64
  /// The SHA-256 of the archive; nil for a directory, and unless asked for.
  public let digest: Digest?

  /// What is verified, and how.
  public struct Options: Sendable {
    /// Whether to check the members of layers, too.
    public var isDeep = false
    /// Whether to read and decompress on threads of their own.
    public var usesThreads = true
    /// Whether to hash the archive as a whole.
    public var hashesArchive = false
    /// The number of layers of an image, given by diffIDs, that the receiver has, so that they may be missing.
    public var prefix: @Sendable ([Digest]) -> Int = { _ in 0 }

    /// Everything that is always verified.
    public init() {}
  }

  /// Verifies an archive in one pass, from the current position of a source to its end.
  ///
  /// - Throws: A ``Diagnostics/Failure`` if the source cannot be read; faults of the archive are no failures.
  public init(archive source: any ByteSource, _ options: Options) throws(Failure) {
    let inspection = try ArchiveInspection(source, options)
    self.init(inspection.inventory, inspection.findings, options, inspection.size, inspection.digest)
  }

  /// Verifies a directory: an OCI layout, or a docker-dir.
  ///
  /// - Throws: A ``Diagnostics/Failure`` if a file cannot be read; faults of the images are no failures.
  public init(directory path: Path, _ options: Options) throws(Failure) {
    let inspection = try DirectoryInspection(path, options)
    self.init(inspection.inventory, inspection.findings, options, inspection.size, nil)
  }

  private init(
    _ inventory: Inventory, _ found: Findings, _ options: Options, _ size: UInt64, _ digest: Digest?
  ) {
    self.size = size
    self.digest = digest
    var findings = found
    kind = inventory.kind
    let prefix = options.prefix
    switch kind {
    case .oci: findings.add(OCILayoutChecks(inventory, prefix: prefix).findings)
    case .docker: findings.add(DockerArchiveChecks(inventory, prefix: prefix).findings)
    case .hybrid: findings.addHybrid(inventory, prefix)
    case .directory: findings.add(DirectoryChecks(inventory, prefix: prefix).findings)
    case .unknown:
      // The files that are missing may be in the part that could not be read.
      if findings.isIntact { findings.add(Fault(.layout, inventory.strangeness)) }
    }
    if kind != .unknown { findings.noteUnreferenced(inventory) }
    self.findings = findings
  }
}

extension Inventory {
  /// What the files are: decided by their names, and by the first byte of `manifest.json`.
  fileprivate var kind: Verification.Kind {
    let isOCI = has("index.json") || has("oci-layout")
    guard let manifest = regularFile("manifest.json") else { return isOCI ? .oci : .unknown }
    let first = manifest.text?.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if first == UInt8(ascii: "{"), !isOCI { return .directory }
    return isOCI ? .hybrid : .docker
  }

  /// Why the files are none of an image.
  fileprivate var strangeness: String {
    has("repositories")
      ? "an archive of Docker before 1.10 (load and save it again with a newer Docker)"
      : "neither index.json nor manifest.json: no archive or directory of images"
  }
}

extension Findings {
  /// Checks both parts of a hybrid, and compares them.
  fileprivate mutating func addHybrid(_ inventory: Inventory, _ prefix: @escaping ([Digest]) -> Int) {
    let oci = OCILayoutChecks(inventory, prefix: prefix)
    let docker = DockerArchiveChecks(inventory, prefix: prefix)
    add(oci.findings)
    add(docker.findings)
    add(HybridChecks(docker, oci).findings)
    images = oci.findings.images
    let described = Set(images.map(\.config))
    let others = Set(docker.findings.images.map(\.config))
    for index in images.indices where others.contains(images[index].config) { images[index].entry = .both }
    images += docker.findings.images.filter { !described.contains($0.config) }
  }

  /// Adds a remark for each file that belongs to no image.
  fileprivate mutating func noteUnreferenced(_ inventory: Inventory) {
    for name in inventory.names where !referenced.contains(name) {
      guard let file = inventory.files[name], file.kind == .file else { continue }
      note(Fault(.unreferenced, member: file.title, "\(file.title): belongs to no image"))
    }
  }
}
