/// Options that belong together, under a title in the help.
public struct OptionSection<Values> {
  let title: String
  let options: [Option<Values>]

  /// Options under a title, in the order in which the help lists them.
  public init(_ title: String, _ options: [Option<Values>]) {
    self.title = title
    self.options = options
  }
}

/// A part of the values of a command line, with options of its own.
public protocol OptionGroup {
  /// The options that change such a part.
  static var options: [Option<Self>] { get }
}

extension OptionGroup {
  /// The options for a command line that has such a part there.
  public static func options<Whole>(at part: WritableKeyPath<Whole, Self>) -> [Option<Whole>] {
    options.map { $0.on(part) }
  }
}
