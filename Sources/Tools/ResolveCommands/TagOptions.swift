import CommandLine
import Diagnostics
import ImageRecord
import ImageSource

/// The options for the tags of records; the same in img-resolve and img-save.
public struct TagOptions: OptionGroup {
  var allTags = false
  var noTags = false

  /// The options, in the order of the help.
  public static var options: [Option<TagOptions>] {
    [
      .flag("all-tags", "Use all names of each image as its tags.") { $0.allTags = true },
      .flag("no-tags", "Write records without tags.") { $0.noTags = true },
    ]
  }

  /// The options before a command line is parsed.
  public init() {}

  /// The first option that is set, as typed.
  public var firstGiven: String? { allTags ? "--all-tags" : noTags ? "--no-tags" : nil }

  /// Refuses options that contradict each other.
  public func check() throws(Failure) {
    if allTags && noTags { throw Failure(.usage, "--all-tags", "cannot be used with --no-tags") }
  }

  /// The record with the requested tags.
  public func applied(to record: ImageRecord, _ catalog: any ImageCatalog) -> ImageRecord {
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
