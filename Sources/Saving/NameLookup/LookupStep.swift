import Diagnostics

/// A step of a lookup; shows why an image was found or not.
///
/// The texts are those of libimage's debug log.
public enum LookupStep: Equatable, Sendable, CustomStringConvertible {
  /// The lookup of a text begins.
  case started(String)
  /// A rule tries a complete name.
  case tried(String, Match)
  /// The image found, the name and the rule.
  case found(image: String, name: String, Match)

  /// The step as text.
  public var description: String {
    switch self {
    case .started(let input): "looking up image \"\(input)\" in local containers storage"
    case .tried(let name, let match): "trying \"\(name)\" (\(match.rawValue))"
    case .found(let image, let name, let match):
      "found image \(image)\(name.isEmpty ? "" : " as \"\(name)\"") by the rule \(match.rawValue)"
    }
  }
}
