import Diagnostics
import Digests
import ImageModel
import JSON

/// The `index.json` of an OCI layout, to which manifests are added.
///
/// What other programs put into an existing index stays, as far as it is known to the OCI image-spec.
/// Sources: OCI image-spec v1.1, image-index.md; containers/image, oci/layout/oci_dest.go (`addManifest`).
public struct OCIIndex: Sendable {
  private var value: GoValue

  /// The annotation that holds the name of a manifest.
  public static let referenceName = "org.opencontainers.image.ref.name"

  /// An index without manifests.
  public init() {
    value = GoValue(zero: .structure(.ociIndex))
    value["schemaVersion"] = .integer(2)
    value["mediaType"] = .string(Array(MediaType.ociIndex.description.utf8))
    value["manifests"] = .list([])
  }

  /// Reads an existing index; like containers/image, takes the first JSON value and ignores what follows it.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    do {
      var sequence = JSONSequence(bytes, rules: .lenient)
      guard let json = try sequence.next() else { throw Failure.badData("index.json is empty") }
      value = try GoValue(json, as: .ociIndex)
    } catch let error as Failure {
      throw error
    } catch let error as GoDecodingError {
      throw .badData("index.json: \(error.reason)")
    } catch {
      throw .badData("index.json: \(error)")
    }
  }

  /// Adds a manifest, under a name if there is one.
  ///
  /// A name belongs to one manifest: an earlier bearer loses it. An entry of the same manifest without a name is
  /// replaced where it stands; else the new one comes last.
  public mutating func add(_ manifest: Blob, name: String?) {
    var entries = value["manifests"].elements
    if let name, let bearer = entries.firstIndex(where: { $0.referenceName == Array(name.utf8) }) {
      entries[bearer].removeReferenceName()
    }
    let entry = GoValue(descriptor: manifest, name: name)
    let digest = Array(manifest.digest.description.utf8)
    let nameless = entries.firstIndex { $0["digest"].bytes == digest && $0.referenceName.isEmpty }
    if let nameless {
      entries[nameless] = entry
    } else {
      entries.append(entry)
    }
    value["manifests"] = .list(entries)
  }

  /// The index as containers/image writes it.
  public var encoded: [UInt8] {
    var json = JSONWriter()
    value.write(to: &json)
    return json.bytes
  }
}

extension GoValue {
  /// A descriptor of a manifest.
  fileprivate init(descriptor manifest: Blob, name: String?) {
    self.init(zero: .structure(.ociDescriptor))
    self["mediaType"] = .string(Array(manifest.mediaType.description.utf8))
    self["digest"] = .string(Array(manifest.digest.description.utf8))
    self["size"] = .integer(Int64(manifest.bytes.count))
    if let name {
      self["annotations"] = .map([Array(OCIIndex.referenceName.utf8): .string(Array(name.utf8))])
    }
  }

  /// The name that a descriptor gives its manifest, empty if none.
  fileprivate var referenceName: [UInt8] {
    guard case .map(let annotations?) = self["annotations"] else { return [] }
    return annotations[Array(OCIIndex.referenceName.utf8)]?.bytes ?? []
  }

  fileprivate mutating func removeReferenceName() {
    guard case .map(var annotations?) = self["annotations"] else { return }
    annotations[Array(OCIIndex.referenceName.utf8)] = nil
    self["annotations"] = .map(annotations)
  }
}
