import Diagnostics
import Digests
import GoJSON
import ImageModel
import JSON

/// An image index or a manifest list with the exact bytes that a source has of it.
///
/// Sources: OCI image-spec v1.1, image-index.md; distribution, manifest-v2-2.md.
public struct SourceList: Sendable {
  /// The exact bytes, and the media type found for them.
  public let blob: Blob
  /// The entries, in the order of the list.
  public let entries: [Descriptor]
  let contents: ListContents

  /// Reads a list.
  ///
  /// - Throws: A failure of the kind `badData` for all that ``ManifestList/entries(parsing:)`` refuses, and for a text
  ///   that does not say that it is a list.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    contents = try ListContents(parsing: bytes, isTyped: true)
    entries = try contents.descriptors()
    blob = Blob(mediaType: contents.mediaType, bytes: bytes)
  }

  /// The entries that can be images: all but attestations.
  public var images: [Descriptor] { entries.filter { !$0.isAttestation } }

  /// Whether the list has entries about other entries, such as provenance.
  private var hasAttestations: Bool { entries.contains(where: \.isAttestation) }

  /// The platforms of the images that are not among some, each once; a digest stands for an unknown platform.
  public func platforms(besides instances: some Sequence<Digest>) -> [String] {
    let instances = Set(instances)
    var seen: Set<String> = []
    return images.filter { !instances.contains($0.digest) }
      .map { $0.platform?.description ?? "\($0.digest)" }.filter { seen.insert($0).inserted }
  }

  /// A note that names what is left out of the list if only some instances are taken; nil if that is nothing.
  public func note(title: String, on instances: some Sequence<Digest>) -> String? {
    let absent = platforms(besides: instances) + (hasAttestations ? ["attestations"] : [])
    return absent.isEmpty ? nil : "\(title): left out of its list: \(absent.joined(separator: ", "))"
  }

  /// The list as an image index with the entries of nested lists, given by their digests, in their places.
  public func replacing(_ nested: [Digest: SourceList]) throws(Failure) -> SourceList {
    if nested.isEmpty { return self }
    var index = OCISpec.Index()
    if case .oci(let own) = contents { index = own }
    index.schemaVersion = 2
    index.mediaType = MediaType.ociIndex.description
    index.manifests = zip(entries, contents.ociEntries).flatMap { entry, spec in
      nested[entry.digest]?.contents.ociEntries ?? [spec]
    }
    return try SourceList(parsing: index.encoded)
  }
}

extension DescriptorPlatform: CustomStringConvertible {
  /// The platform as text: `linux/arm64/v8`, `windows(10.0.17763.1)/amd64`.
  ///
  /// Source: containerd platforms, platforms.go (`FormatAll`).
  public var description: String {
    if osVersion.isEmpty { return "\(platform)" }
    let variant = platform.variant.isEmpty ? "" : "/\(platform.variant)"
    return "\(platform.os)(\(osVersion))/\(platform.architecture)\(variant)"
  }
}
