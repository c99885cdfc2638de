import ImageFiles

/// The images that a command line selects.
public enum ImageSelection: Sendable {
  /// All images of the store.
  case all
  /// All images of some archives and directories.
  case allOf([ImageFileReference.Place])
  /// The images with some names.
  case names([String])

  /// The names; nil for all images.
  public var names: [String]? { if case .names(let names) = self { names } else { nil } }

  /// Whether all images of the store are selected.
  public var isWholeStore: Bool { if case .all = self { true } else { false } }
}
