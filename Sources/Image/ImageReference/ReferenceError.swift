import GoJSON

/// Why a text is not an image name; ``description`` is the text that Podman's library gives.
///
/// The newest wording is used where versions differ. Names are quoted in it, with escapes.
/// Source: containers/image docker/reference, opencontainers/go-digest, and libimage.
public enum ReferenceError: Error, Equatable, Sendable {
  /// The text is empty.
  case empty
  /// The text has not the form of a reference.
  case invalidFormat
  /// The text would be a reference if it were in lower case.
  case uppercase
  /// The repository of a name to be normalised has upper-case letters.
  case uppercaseRepository
  /// The repository, with its domain, is longer than 255 bytes.
  case tooLong
  /// The digest has not as many digits as its algorithm demands.
  case digestLength
  /// The digest has upper-case letters.
  case digestFormat
  /// The digest is of an algorithm other than SHA-256, SHA-384 and SHA-512.
  case digestAlgorithm
  /// The text is an image ID, which cannot be the name of a repository.
  case identifier(String)
  /// The name is valid, but its normalised form is another one.
  case notCanonical
  /// A tag that was to be given to a name is none.
  case invalidTag
  /// A digest that was to be given to a name is none.
  case invalidDigest
  /// What a user wrote for an image to be found is not a name.
  indirect case parsing(String, ReferenceError)
  /// What a user wrote as a new name of an image is not a name.
  indirect case normalizing(String, ReferenceError)
}

extension ReferenceError: CustomStringConvertible {
  /// The error as Podman's library words it.
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
