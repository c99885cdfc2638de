import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON

/// The edits of a record: JSON values that replace what the embedded bytes hold.
struct RecordEdits: Sendable {
  /// The wanted config.
  var config: JSONValue?
  /// The manifest as JSON, which must be equal to the embedded one.
  var manifest: JSONValue?
  /// The wanted annotations of the manifest; null deletes all.
  var annotations: JSONValue?

  /// Refuses any edit, so that none is lost silently.
  func refuse() throws(Failure) {
    let path =
      config != nil
      ? "config.content"
      : manifest != nil ? "manifest.content" : annotations != nil ? "manifest.annotations" : nil
    if let path { throw Failure(.badData, path, "use img-manifest --amend") }
  }
}

extension ImageRecord {
  /// The record with `content`: manifest and config as JSON, to be edited.
  public func addingContent() throws(Failure) -> ImageRecord {
    var result = self
    result.edits.manifest = try content(of: manifest, "manifest")
    if let config { result.edits.config = try content(of: config, "config") }
    return result
  }

  private func content(of blob: Blob, _ what: String) throws(Failure) -> JSONValue {
    do {
      // Written again: a record can hold neither invalid UTF-8 nor two members of one name.
      let value = try JSONValue(parsing: blob.bytes, rules: .lenient)
      return try JSONValue(parsing: encodedConfig(value), rules: .strictWithMaps)
    } catch {
      throw Failure(.badData, title, "the \(what) has no content to edit: \(error)")
    }
  }

  /// The numbers of the config that an edit changed beyond the precision of a Double only, as paths.
  public var roundedNumbers: [String] {
    guard let config, let content = edits.config,
      let original = try? JSONValue(parsing: config.bytes, rules: .lenient)
    else { return [] }
    return original.roundedNumbers(in: content).map { "config.content.\($0)" }
  }

  /// The record with its edits applied: new bytes, digests and ID of what was edited; all else stays.
  ///
  /// Throws a failure of the kind `badData` with the path of a member that no image can have.
  public func amended() throws(Failure) -> ImageRecord {
    var result = self
    result.edits = RecordEdits()
    do throws(Failure) {
      try refuseEditedManifest()
      if let content = edits.config { try result.replaceConfig(content) }
      if edits.config != nil || edits.annotations != nil {
        do throws(Failure) {
          result.manifest = try Manifest(parsing: manifest.bytes).amended(
            config: result.config?.digest == config?.digest ? nil : result.config,
            annotations: edits.annotations)
        } catch {
          let separator = error.subject.isEmpty ? "" : "."
          throw Failure(error.kind, "manifest\(separator)\(error.subject)", error.reason)
        }
      }
      if result.manifest.digest != manifest.digest { try result.note(["amended"], from: self) }
      return result
    } catch {
      throw error.within(title)
    }
  }

  private func refuseEditedManifest() throws(Failure) {
    guard let content = edits.manifest else { return }
    guard let original = try? JSONValue(parsing: manifest.bytes, rules: .lenient), original.equals(content)
    else {
      throw Failure(
        .badData, "manifest.content", "cannot be edited; edit manifest.annotations or config.content")
    }
  }

  private mutating func replaceConfig(_ content: JSONValue) throws(Failure) {
    guard let config else { throw Failure(.badData, "config", "the manifest has no config") }
    let bytes: [UInt8]?
    do throws(Failure) {
      bytes = try amendedConfig(config.bytes, content: content, diffIDs: layers.map(\.layer.diffID))
    } catch {
      let separator = error.subject.isEmpty ? "" : "."
      throw Failure(error.kind, "config.content\(separator)\(error.subject)", error.reason)
    }
    guard let bytes else { return }
    let edited = Blob(mediaType: config.mediaType, bytes: bytes)
    self.config = edited
    id = edited.digest.hex
    let facts = ConfigFacts(config: bytes)
    if let platform = facts.platform, platform != ConfigFacts(config: config.bytes).platform {
      index?.platform = platform
    }
    try follow(facts)
  }

  /// Replaces `created`, `platform` and `labels` by those of a config.
  private mutating func follow(_ facts: ConfigFacts) throws(Failure) {
    let names = ["created", "platform", "labels"].map { Array($0.utf8) }
    var new = try ImageRecord.details(match: "", names: [], created: nil, facts: facts).filter {
      names.contains($0.key)
    }
    var kept: [RecordMember] = []
    for member in others {
      if let index = new.firstIndex(where: { $0.key == member.key }) {
        kept.append(new.remove(at: index))
      } else if !names.contains(member.key) {
        kept.append(member)
      }
    }
    others = kept + new
  }
}
