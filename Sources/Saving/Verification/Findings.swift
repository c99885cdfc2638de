import Digests
import ImageModel

/// What checks find.
public struct Findings: Sendable {
  /// The most faults that are kept: a hostile archive can have as many as members.
  static let limit = 1000

  /// The faults in the order in which they were found, each once.
  public private(set) var faults: [Fault] = []
  /// Remarks about what is unusual, but not wrong.
  public private(set) var notes: [Fault] = []
  /// The number of faults that were not kept.
  public private(set) var dropped = 0
  /// The images.
  public internal(set) var images: [VerifiedImage] = []
  /// The names of the files that belong to an image.
  var referenced: Set<[UInt8]> = []
  /// The configs by their digests, nil for malformed ones: a hostile archive can name one config in each image.
  var configs: [Digest: ImageConfig?] = [:]
  /// The texts of the faults: both parts of a hybrid have the same ones.
  private var known: Set<String> = []

  /// Nothing.
  public init() {}

  /// Whether nothing is wrong.
  public var isIntact: Bool { faults.isEmpty }

  /// Adds a fault.
  public mutating func add(_ fault: Fault) {
    guard known.insert(fault.text).inserted else { return }
    if faults.count < Findings.limit { faults.append(fault) } else { dropped += 1 }
    if known.count > 2 * Findings.limit { known.removeAll() }
  }

  /// Adds a remark.
  mutating func note(_ note: Fault) {
    if notes.count < Findings.limit { notes.append(note) }
  }

  /// Adds what other checks found.
  mutating func add(_ other: Findings) {
    for fault in other.faults { add(fault) }
    for note in other.notes { self.note(note) }
    dropped += other.dropped
    images += other.images
    referenced.formUnion(other.referenced)
    configs.merge(other.configs) { $1 }
  }
}

/// An image as its archive or directory describes it.
public struct VerifiedImage: Sendable {
  /// Which of the two descriptions of a hybrid has the image.
  public enum Entry: String, Sendable {
    /// `index.json`, or the manifest of a directory.
    case oci
    /// `manifest.json` of a docker-archive.
    case docker
    /// Both.
    case both
  }

  /// The names of the image.
  public internal(set) var tags: [String]
  /// The digest of the config; nil if it is unknown.
  public internal(set) var config: Digest?
  /// The manifest; nil for an image without one.
  public internal(set) var manifest: BlobDescriptor?
  /// The platform in the config.
  public internal(set) var platform: Platform?
  /// The time of creation in the config, in RFC 3339.
  public internal(set) var created: String?
  /// The layers, base first.
  public internal(set) var layers: [VerifiedLayer] = []
  /// Where the image is described.
  public internal(set) var entry: Entry
}

/// A layer of an image as its archive or directory describes it.
public struct VerifiedLayer: Hashable, Sendable {
  /// The media type in the manifest; nil without a manifest.
  public internal(set) var mediaType: MediaType?
  /// The digest of the file; nil if the file is missing and no manifest names it.
  public internal(set) var digest: Digest?
  /// The size of the file in bytes.
  public internal(set) var size: UInt64?
  /// The digest of the uncompressed tar in the config; nil if the config does not name it.
  public internal(set) var diffID: Digest?
  /// Whether the file was left out because the receiver has the layer.
  public internal(set) var isAbsent = false
}
