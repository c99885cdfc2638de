import Diagnostics
import ImageRecord

/// Finds the images of a source: names in, records out; one conformer for each kind of source.
public protocol ImageCatalog {
  /// The images of some names, or all images of the source for nil.
  func requests(for names: [String]?) -> [ImageRequest]

  /// The record of a requested image.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `notFound` if there is no such image.
  func record(for request: ImageRequest) throws(Failure) -> ImageRecord

  /// The request in words: what was typed, or the first name or the ID of the image.
  func text(of request: ImageRequest) -> String

  /// All names of an image that can be tags, in the order of the source.
  func tags(ofImage id: String) -> [String]

  /// What a shell may complete a word to.
  func completions(of prefix: String) -> [String]
}

/// An image that is asked for: by what a user typed, or by its place in the source.
public enum ImageRequest: Hashable, Sendable {
  /// What a user typed.
  case name(String)
  /// The index of an image among all images of the source.
  case entry(Int)
}
