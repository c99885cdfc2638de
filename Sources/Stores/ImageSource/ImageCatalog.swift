import Diagnostics
import ImageRecord

/// Finds the images of a source: names in, records out; one conformer for each kind of source.
public protocol ImageCatalog {
  /// The requests for some names; nil means all images of the source.
  func requests(for names: [String]?) -> [ImageRequest]

  /// The record of a requested image, or those of the images of a requested list, in its order; never none.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `notFound` if there is no such image.
  func records(for request: ImageRequest) throws(Failure) -> [ImageRecord]

  /// A request as text: as typed, or the first name or the ID of the image.
  func text(of request: ImageRequest) -> String

  /// Whether a requested image has a name, in any form; true for a request by name.
  func hasName(_ request: ImageRequest) -> Bool

  /// All names of an image that can be tags, in source order.
  func tags(ofImage id: String) -> [String]

  /// The completions of a prefix, for a shell.
  func completions(of prefix: String) -> [String]
}

/// A requested image: a name, or an index in the source.
public enum ImageRequest: Hashable, Sendable {
  /// A name as typed.
  case name(String)
  /// The index of an image among all images of the source.
  case entry(Int)
}
