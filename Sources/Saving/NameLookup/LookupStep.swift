import Diagnostics

/// A step of a lookup, for those who want to know why an image was found or not.
///
/// The words are those that libimage logs at its debug level.
public enum LookupStep: Equatable, Sendable, CustomStringConvertible {
  /// The lookup of what a user typed begins.
  case started(String)
  /// A complete name is tried by a rule.
  case tried(String, Match)
  /// The image that was found, under which name, by which rule.
  case found(image: String, name: String, Match)

  /// The step in words.
  public var description: String {
    switch self {
    case .started(let input): "looking up image \"\(input)\" in local containers storage"
    case .tried(let name, let match): "trying \"\(name)\" (\(match.rawValue))"
    case .found(let image, let name, let match):
      "found image \(image)\(name.isEmpty ? "" : " as \"\(name)\"") by the rule \(match.rawValue)"
    }
  }
}
