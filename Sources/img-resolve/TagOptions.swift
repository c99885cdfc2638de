import ArgumentParser
import Diagnostics
import ImageRecord
import ImageResolution

/// The options that say which tags a record gets.
struct TagOptions: ParsableArguments {
  @Flag(help: "Give each record all names of its image as tags.")
  var allTags = false

  @Flag(help: "Give the records no tags.")
  var noTags = false

  func validate() throws {
    if allTags && noTags { throw ValidationError("--all-tags contradicts --no-tags") }
  }

  /// The record with the tags that are asked for.
  func applied(to record: ImageRecord, _ resolver: Resolver) -> ImageRecord {
    var record = record
    if noTags {
      record.tags = []
      record.name = nil
    }
    if allTags {
      for name in resolver.tags(ofImage: record.id) where !record.tags.contains(name) {
        record.tags.append(name)
      }
    }
    return record
  }
}
