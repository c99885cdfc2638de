import Diagnostics
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

  /// Adds a manifest, under a name if there is one.
  ///
  /// A name belongs to one manifest: any other entry loses it. The new entry replaces an entry of the same
  /// manifest without a name, in its position; otherwise it is appended.
  public mutating func add(_ manifest: Blob, name: String?) {
    var entries = spec.manifests ?? []
    if let name, let other = entries.firstIndex(where: { $0.isNamed(name) }) {
      entries[other].annotations?[referenceNameKey] = nil
    }
    var entry = OCISpec.Descriptor(Descriptor(manifest))
    if let name { entry.annotations = [referenceNameKey: name] }
    let nameless = entries.firstIndex { $0.digest.value == entry.digest.value && $0.isNamed("") }
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

private let referenceNameKey = Array(OCIIndex.referenceName.utf8)

extension OCISpec.Descriptor {
  /// Whether the descriptor has this name; a descriptor without a name has the empty one.
  fileprivate func isNamed(_ name: String) -> Bool {
    (annotations?[referenceNameKey] ?? "").utf8.elementsEqual(name.utf8)
  }
}
