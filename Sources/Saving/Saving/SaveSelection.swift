import Diagnostics
import ImageFormats
import ImageRecord
import ImageReference

/// The images of a save in the order of writing, each once, with all its tags.
///
/// The rules are those of containers/common, libimage Save: an image keeps the position of its first name;
/// additional tags precede its own; duplicate names count once.
public struct SaveSelection: Sendable {
  /// The images with their final tags.
  public internal(set) var records: [ImageRecord] = []

  /// Groups the records of all requested names; `isMultiImage`: several images are asked for, with the option `-m`.
  ///
  /// - Throws: A ``Failure`` of the kind `usage` for no image or more than the format can hold, and of the kind
  ///   `badData` for an invalid tag of a record.
  public init(
    _ requested: [ImageRecord], format: any ImageFormat, additionalTags: [AdditionalTag] = [],
    isMultiImage: Bool = false
  ) throws(Failure) {
    guard !requested.isEmpty else { throw Failure(.usage, "", "no image specified for saving images") }
    if requested.count > 1 {
      guard format.severalImages == .always || isMultiImage && format.severalImages == .onRequest else {
        throw Failure(
          .usage, "",
          "unsupported format \"\(format.name)\" for saving multiple images (only docker-archive)")
      }
      guard additionalTags.isEmpty else {
        throw Failure(.usage, "", "cannot save multiple images with multiple tags")
      }
    }
    for record in requested {
      let index = records.firstIndex { $0.id == record.id }
      if let index {
        try append(record.tags, to: index)
      } else {
        records.append(record)
        records[records.count - 1].tags = []
        try append(additionalTags.map(\.name) + record.tags, to: records.count - 1)
      }
    }
  }

  private mutating func append(_ tags: [String], to index: Int) throws(Failure) {
    for tag in tags where !records[index].tags.contains(tag) {
      guard let reference = try? ImageReference.parseNamed(tag), reference.tag != nil, reference.digest == nil
      else {
        throw Failure(.badData, "tag \"\(tag)\"", "not a full name with tag, such as localhost/name:latest")
      }
      records[index].tags.append(tag)
    }
  }
}

/// An additional tag for an image in an archive, as a full name.
public struct AdditionalTag: Hashable, Sendable {
  /// The full name with its tag.
  public let name: String

  /// Normalizes an input as libimage does: `foo` becomes `localhost/foo:latest`.
  public init(_ text: String) throws(Failure) {
    let reference: ImageReference
    do {
      reference = try ImageReference.normalizedName(text)
    } catch {
      throw Failure(.usage, "", "invalid additional tag \"\(text)\": \(error)")
    }
    guard reference.tag != nil else {
      throw Failure(.usage, "", "invalid additional tag \"\(text)\": normalized to untagged \"\(reference)\"")
    }
    name = reference.description
  }
}
