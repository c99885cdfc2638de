import Diagnostics
import Digests
import GoJSON
import ImageModel
import JSON

/// The `index.json` of an OCI layout, to which manifests are added.
///
/// Content that other programs put into an existing index stays if the OCI image-spec defines it.
/// Sources: OCI image-spec v1.1, image-index.md; containers/image, oci/layout/oci_dest.go (`addManifest`).
public struct OCIIndex: Sendable {
  private var spec: OCISpec.Index

  /// The annotation that holds the name of a manifest.
  public static let referenceName = "org.opencontainers.image.ref.name"

  /// An index without manifests.
  public init() {
    spec = OCISpec.Index()
    spec.schemaVersion = 2
    spec.mediaType = MediaType.ociIndex.description
    spec.manifests = []
  }

  /// Reads an existing index; like containers/image, takes the first JSON value and ignores what follows it.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    let json: JSONValue?
    do {
      var sequence = JSONSequence(bytes, rules: .lenient)
      json = try sequence.next()
    } catch {
      throw .badData("index.json: \(error)")
    }
    guard let json else { throw .badData("index.json is empty") }
    do {
      spec = try OCISpec.Index(json)
    } catch {
      throw .badData("index.json: \(error.reason)")
    }
  }

  /// The digests of the listed manifests, as far as they are SHA-256.
  public var digests: [Digest] { (spec.manifests ?? []).compactMap { Digest($0.digest.value) } }

  /// Whether no manifest is listed.
  public var isEmpty: Bool { spec.manifests?.isEmpty ?? true }

  /// Adds a manifest, under a name if there is one.
  ///
  /// A name belongs to one manifest: any other entry loses it. The new entry replaces an entry of the same
  /// manifest without a name, in its position; otherwise it is appended.
  public mutating func add(_ manifest: Blob, name: IndexName?) {
    var entries = spec.manifests ?? []
    if let name {
      for index in entries.indices where entries[index].names.contains(name.text) {
        entries[index].annotations?[referenceNameKey] = nil
        entries[index].annotations?[containerdNameKey] = nil
      }
    }
    var entry = OCISpec.Descriptor(Descriptor(manifest))
    entry.annotations = name?.annotations
    let nameless = entries.firstIndex { $0.digest.value == entry.digest.value && $0.names.isEmpty }
    if let nameless {
      entries[nameless] = entry
    } else {
      entries.append(entry)
    }
    spec.manifests = entries
  }

  /// The index as containers/image writes it.
  public var encoded: [UInt8] { spec.encoded }
}

/// The name of a manifest in an index.
public struct IndexName: Hashable, Sendable {
  /// The annotations that hold the name.
  public enum Annotations: Sendable {
    /// `org.opencontainers.image.ref.name`, as containers/image writes it.
    case reference
    /// `io.containerd.image.name`: the names that the grammar of the other annotation does not allow.
    case containerd
    /// Both, so that every loader gives the image this name.
    case both
  }

  /// The name.
  let text: String
  private let holders: Annotations

  /// A name in these annotations.
  public init(_ text: String, in holders: Annotations) {
    self.text = text
    self.holders = holders
  }

  fileprivate var annotations: [[UInt8]: String] {
    switch holders {
    case .reference: [referenceNameKey: text]
    case .containerd: [containerdNameKey: text]
    case .both: [containerdNameKey: text, referenceNameKey: text]
    }
  }
}

private let referenceNameKey = Array(OCIIndex.referenceName.utf8)
private let containerdNameKey = Array("io.containerd.image.name".utf8)

extension OCISpec.Descriptor {
  /// The names of the descriptor in either annotation.
  fileprivate var names: [String] {
    [referenceNameKey, containerdNameKey].compactMap { annotations?[$0] }.filter { !$0.isEmpty }
  }
}
