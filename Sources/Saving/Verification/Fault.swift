/// Something that is wrong in an archive or a directory of images.
public struct Fault: Hashable, Sendable {
  /// The kind of a fault: the codes of reports, described in img-tar(1).
  public enum Code: String, CaseIterable, Sendable {
    /// A header of the tar is damaged, or not a header.
    case tarHeader = "tar-header"
    /// The end of the tar is missing.
    case noTrailer = "no-trailer"
    /// Something follows the end of the tar or of a member that is not zero.
    case trailingData = "trailing-data"
    /// Two members have one name.
    case duplicateMember = "duplicate-member"
    /// A file is missing, or is not a regular file.
    case missing
    /// A file differs from the digest in its name.
    case digest
    /// A file has another size than its descriptor.
    case size
    /// A layer differs from the one that the config names.
    case diffID = "diff-id"
    /// Layers are in another order or number than those of the config.
    case order
    /// A media type is unknown, or fits another kind of file.
    case mediaType = "media-type"
    /// A JSON text is malformed, ambiguous or too long.
    case json
    /// A name of an image or of a file is invalid or ambiguous.
    case name
    /// The files are not those of an archive or a directory of images.
    case layout
    /// `manifest.json` and `index.json` describe different images.
    case mismatchManifests = "mismatch-manifests"
    /// A file is part of no image; a note, never a fault.
    case unreferenced
  }

  /// The kind of the fault.
  public let code: Code
  /// The file; nil if the fault is not that of one file.
  public let member: String?
  /// The name of the image; nil if the fault is not that of one image.
  public let image: String?
  /// What is wrong, with the file or the layer.
  public let reason: String
  /// The digest or the size that should be found.
  public let expected: String?
  /// The digest or the size that was found.
  public let found: String?

  /// Describes a fault.
  public init(
    _ code: Code, image: String? = nil, member: String? = nil, _ reason: String, expected: String? = nil,
    found: String? = nil
  ) {
    self.code = code
    self.image = image
    self.member = member
    self.reason = reason
    self.expected = expected
    self.found = found
  }

  /// The fault as one line, without the path of the archive.
  public var text: String { image.map { "\($0): \(reason)" } ?? reason }
}
