import GoJSON

/// Why a text is not an image name; ``description`` is the message of Podman's library.
///
/// Uses the newest wording if versions differ. Names in the message are quoted and escaped.
/// Source: containers/image docker/reference, opencontainers/go-digest, and libimage.
public enum ReferenceError: Error, Equatable, Sendable {
  /// The text is empty.
  case empty
  /// The text does not have the form of a reference.
  case invalidFormat
  /// The text would be a reference if it were in lower case.
  case uppercase
  /// The repository of a name to be normalised has upper-case letters.
  case uppercaseRepository
  /// The repository, with its domain, is longer than 255 bytes.
  case tooLong
  /// The digest has the wrong number of digits for its algorithm.
  case digestLength
  /// The digest has upper-case letters.
  case digestFormat
  /// The digest is of an algorithm other than SHA-256, SHA-384 and SHA-512.
  case digestAlgorithm
  /// The text is an image ID, which cannot be the name of a repository.
  case identifier(String)
  /// The name is valid, but differs from its normalised form.
  case notCanonical
  /// A tag to add to a name is invalid.
  case invalidTag
  /// A digest to add to a name is invalid.
  case invalidDigest
  /// The name of an image to look up is invalid.
  indirect case parsing(String, ReferenceError)
  /// A new name of an image is invalid.
  indirect case normalizing(String, ReferenceError)
}

extension ReferenceError: CustomStringConvertible {
  /// The error as worded by Podman's library.
  public var description: String {
    switch self {
    case .empty: "repository name must have at least one component"
    case .invalidFormat: "invalid reference format"
    case .uppercase: "repository name must be lowercase"
    case .uppercaseRepository: "invalid reference format: repository name must be lowercase"
    case .tooLong: "repository name must not be more than 255 characters"
    case .digestLength: "invalid checksum digest length"
    case .digestFormat: "invalid checksum digest format"
    case .digestAlgorithm: "unsupported digest algorithm"
    case .identifier(let text):
      "invalid repository name (\(text)), cannot specify 64-byte hexadecimal strings"
    case .notCanonical: "repository name must be canonical"
    case .invalidTag: "invalid tag format"
    case .invalidDigest: "invalid digest format"
    case .parsing(let text, let reason): "parsing reference \(goQuoted(text)): \(reason)"
    case .normalizing(let text, let reason): "normalizing name \(goQuoted(text)): \(reason)"
    }
  }
}
