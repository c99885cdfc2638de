import Digests
import ImageModel
import ImageRecord
import JSON

/// The verdict as one line of JSON: the option `--report` with `--verify`.
public struct VerifyReport: Sendable {
  private let path: String
  private let kind: String
  private let size: UInt64?
  private let digest: Digest?
  private let findings: Findings

  /// The report about an archive or a directory.
  public init(_ verification: Verification, path: String) {
    self.path = path
    kind = verification.kind.rawValue
    size = verification.size
    digest = verification.digest
    findings = verification.findings
  }

  /// The report about the images of records.
  public init(_ verification: RecordVerification) {
    path = "-"
    kind = "records"
    size = nil
    digest = nil
    findings = verification.findings
  }

  /// The report, including the line feed.
  public var line: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("schema")
      json.string("img-verify/1")
      json.key("path")
      json.string(path)
      json.key("kind")
      json.string(kind)
      json.optional("size", size)
      json.optional("sha256", digest?.hex)
      json.key("images")
      json.array { json in for image in findings.images { json.image(image) } }
      json.key("faults")
      json.array { json in for fault in findings.faults { json.fault(fault) } }
      json.key("notes")
      json.array { json in for note in findings.notes { json.fault(note) } }
    }
    return json.bytes + [0x0A]
  }
}

extension JSONWriter {
  fileprivate mutating func optional(_ name: String, _ text: String?) {
    guard let text else { return }
    key(name)
    string(text)
  }

  fileprivate mutating func optional(_ name: String, _ number: UInt64?) {
    guard let number else { return }
    key(name)
    integer(number)
  }

  fileprivate mutating func fault(_ fault: Fault) {
    object { json in
      json.key("code")
      json.string(fault.code.rawValue)
      json.optional("member", fault.member)
      json.optional("image", fault.image)
      json.optional("expected", fault.expected)
      json.optional("found", fault.found)
      json.key("reason")
      json.string(fault.reason)
    }
  }

  fileprivate mutating func image(_ image: VerifiedImage) {
    object { json in
      json.key("tags")
      json.strings(image.tags)
      json.optional("id", image.config?.hex)
      json.key("manifest")
      if let manifest = image.manifest {
        json.object { json in
          json.optional("mediaType", manifest.mediaType.description)
          json.optional("digest", manifest.digest.description)
          json.optional("size", manifest.size)
        }
      } else {
        json.null()
      }
      json.optional("platform", image.platform?.description)
      json.optional("created", image.created)
      json.key("layers")
      json.array { json in for layer in image.layers { json.layer(layer) } }
      json.key("entry")
      json.string(image.entry.rawValue)
    }
  }

  private mutating func layer(_ layer: VerifiedLayer) {
    object { json in
      json.optional("mediaType", layer.mediaType?.description)
      json.optional("digest", layer.digest?.description)
      json.optional("size", layer.size)
      json.optional("diffID", layer.diffID?.description)
      if layer.isAbsent {
        json.key("absent")
        json.boolean(true)
      }
    }
  }
}
