import GoJSON
import ImageModel
import JSON

/// Facts about an image from its config, for display.
///
/// Tolerant: malformed members count as missing, and nothing is an error. Not for decisions.
/// Source: OCI image-spec v1.1, config.md.
public struct ConfigFacts: Hashable, Sendable {
  /// The creation time, in RFC 3339 with its offset.
  public let created: String?
  /// The platform; nil if the config names neither operating system nor architecture.
  public let platform: Platform?
  /// The labels, in byte order of their keys.
  public let labels: [Annotation]

  /// Reads a config as far as possible.
  public init(config bytes: [UInt8]) {
    let value = bytes.count > Manifest.maximumSize ? nil : try? JSONValue(parsing: bytes, rules: .lenient)
    created = value?.field("created")?.stringBytes.flatMap(GoTime.init(rfc3339:))?.description
    let platform = value.map { Platform(config: $0) }
    self.platform = platform.flatMap { $0.os.isEmpty && $0.architecture.isEmpty ? nil : $0 }
    var labels: [[UInt8]: String] = [:]
    if let members = value?.field("config")?.field("Labels")?.members {
      for (key, value) in members {
        if let key = key.stringBytes, let text = value.string { labels[key] = text }
      }
    }
    self.labels = labels.sortedByKey.map { entry in
      Annotation(key: String(decoding: entry.key, as: UTF8.self), value: entry.value)
    }
  }
}

extension Platform {
  /// The platform that a config names; missing parts are empty.
  ///
  /// Source: OCI image-spec v1.1, config.md, "os", "architecture" and "variant".
  public init(config: JSONValue) {
    self.init(
      os: config.field("os")?.string ?? "", architecture: config.field("architecture")?.string ?? "",
      variant: config.field("variant")?.string ?? "")
  }
}
