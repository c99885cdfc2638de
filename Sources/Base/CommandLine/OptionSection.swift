/// Options under a title in the help.
public struct OptionSection<Values> {
  let title: String
  let options: [Option<Values>]

  /// Options under a title, in the order of the help.
  public init(_ title: String, _ options: [Option<Values>]) {
    self.title = title
    self.options = options
  }

  /// The same options, which also add their names to those that were given.
  public func noting(in names: WritableKeyPath<Values, [String]>) -> OptionSection<Values> {
    OptionSection(title, options.map { $0.noting(in: names) })
  }
}

/// A part of the values of a command line, with its options.
public protocol OptionGroup {
  /// The options that change this part.
  static var options: [Option<Self>] { get }
}

extension OptionGroup {
  /// The options of a command line that has this part at a key path.
  public static func options<Whole>(at part: WritableKeyPath<Whole, Self>) -> [Option<Whole>] {
    options.map { $0.on(part) }
  }
}
