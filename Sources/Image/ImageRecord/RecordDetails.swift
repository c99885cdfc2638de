import Diagnostics
import ImageManifest
import ImageModel
import JSON

extension ImageRecord {
  /// The members for people and for jq: `match`, `names`, `created`, `platform` and `labels`.
  ///
  /// `created` is used for a config without a time.
  ///
  /// - Throws: A failure of the kind `badData` for a text that is no JSON string.
  public static func details(
    match: String, names: [String], created: String?, facts: ConfigFacts
  ) throws(Failure) -> [RecordMember] {
    do {
      var members = [
        try RecordMember("match") { $0.string(match) }, try RecordMember("names") { $0.strings(names) },
      ]
      if let created = facts.created ?? created {
        members.append(try RecordMember("created") { $0.string(created) })
      }
      if let platform = facts.platform {
        members.append(
          try RecordMember("platform") { $0.platform(platform) })
      }
      members.append(
        try RecordMember("labels") { json in
          json.object { json in
            for label in facts.labels {
              json.key(label.key)
              json.string(label.value)
            }
          }
        })
      return members
    } catch {
      throw Failure(.badData, "", "\(error)")
    }
  }
}
