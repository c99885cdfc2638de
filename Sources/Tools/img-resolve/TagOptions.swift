import CommandLine
import Diagnostics
import ImageRecord
import ImageSource

/// The options for the tags of records.
struct TagOptions: OptionGroup {
  var allTags = false
  var noTags = false

  static var options: [Option<TagOptions>] {
    [
      .flag("all-tags", "Use all names of each image as its tags.") { $0.allTags = true },
      .flag("no-tags", "Write records without tags.") { $0.noTags = true },
    ]
  }

  /// Refuses options that contradict each other.
  func check() throws(Failure) {
    if allTags && noTags { throw Failure(.usage, "--all-tags", "cannot be used with --no-tags") }
  }

  /// The record with the requested tags.
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
