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
  /// The positions of images alone and of the images of lists, in order.
  private(set) var lists: [Range<Int>] = []

  /// Groups the records of all requested names; `isMultiImage`: several images are asked for, with the option `-m`.
  ///
  /// - Throws: A ``Failure`` of the kind `usage` for no image, more than the format can hold, and lists that it cannot
  ///   hold, and of the kind `badData` for an invalid tag of a record.
  public init(
    _ requested: [ImageRecord], format: any ImageFormat, additionalTags: [AdditionalTag] = [],
    isMultiImage: Bool = false
  ) throws(Failure) {
    guard !requested.isEmpty else { throw Failure(.usage, "", "no image specified for saving images") }
    if !format.holdsLists, let record = requested.first(where: { $0.index != nil }) {
      throw Failure(
        .usage, record.title, "\(format.name) holds one platform; use --format hybrid or oci-archive")
    }
    let requested = SelectedImages.all(in: requested)
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
    var selected: [(images: SelectedImages, tags: [String])] = []
    for images in requested {
      let tags = images.records.flatMap(\.tags)
      if let index = selected.firstIndex(where: { $0.images.isSame(as: images) }) {
        try append(tags, to: &selected[index].tags)
      } else {
        selected.append((images, []))
        try append(additionalTags.map(\.name) + tags, to: &selected[selected.count - 1].tags)
      }
    }
    for (images, tags) in selected {
      lists.append(records.count..<(records.count + images.records.count))
      for var record in images.records {
        record.tags = tags
        records.append(record)
      }
    }
  }

  private func append(_ tags: [String], to result: inout [String]) throws(Failure) {
    for tag in tags where !result.contains(tag) {
      guard let reference = try? ImageReference.parseNamed(tag), reference.tag != nil, reference.digest == nil
      else {
        throw Failure(.badData, "tag \"\(tag)\"", "not a full name with tag, such as localhost/name:latest")
      }
      result.append(tag)
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
