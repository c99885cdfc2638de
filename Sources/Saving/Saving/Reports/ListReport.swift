import Digests
import ImageFormats
import ImageRecord
import JSON

extension JSONWriter {
  /// Writes the lists of an output, if it has any; `written` are their digests, if known.
  mutating func lists(_ lists: [ListOutline], written: [Digest?]) {
    if lists.isEmpty { return }
    key("lists")
    array { json in
      for (list, written) in zip(lists, written) {
        json.object { json in
          json.key("tags")
          json.strings(list.tags)
          json.key("index")
          json.object { json in
            json.key("before")
            json.string(list.source.description)
            json.key("after")
            if let written { json.string(written.description) } else { json.null() }
          }
          json.key("images")
          json.array { json in
            for position in list.images { json.integer(UInt64(position)) }
          }
          json.key("platforms")
          json.strings(list.platforms)
          json.key("absentPlatforms")
          json.strings(list.absentPlatforms)
        }
      }
    }
  }
}
