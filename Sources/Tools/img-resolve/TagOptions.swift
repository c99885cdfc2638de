import CommandLine
import Diagnostics
import ImageRecord
import ImageSource

/// The options that say which tags a record gets.
struct TagOptions: OptionGroup {
  var allTags = false
  var noTags = false

  static var options: [Option<TagOptions>] {
    [
      .flag("all-tags", "Give each record all names of its image as tags.") { $0.allTags = true },
      .flag("no-tags", "Give the records no tags.") { $0.noTags = true },
    ]
  }

  /// Refuses options that contradict each other.
  func check() throws(Failure) {
    if allTags && noTags { throw Failure(.usage, "--all-tags", "contradicts --no-tags") }
  }

  /// The record with the tags that are asked for.
  func applied(to record: ImageRecord, _ catalog: any ImageCatalog) -> ImageRecord {
    var record = record
    if noTags {
      record.tags = []
      record.name = nil
    }
    if allTags {
      for name in catalog.tags(ofImage: record.id) where !record.tags.contains(name) {
        record.tags.append(name)
      }
    }
    return record
  }
}
