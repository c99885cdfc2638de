/// What can be said to a tool on its command line; `Values` is what holds the choices.
public struct Interface<Values> {
  /// The name of the tool.
  public let tool: String
  /// What the tool does, in a sentence.
  let abstract: String
  let operands: Operands?
  let sections: [OptionSection<Values>]

  /// An interface of these options, with `--help` and `--version` behind those that are in no section.
  ///
  /// - Parameters:
  ///   - tool: The name of the tool.
  ///   - abstract: What the tool does, in a sentence.
  ///   - operands: What the tool takes besides options; nil for nothing.
  ///   - sections: Options that have a title of their own.
  ///   - options: The other ones.
  public init(
    tool: String, abstract: String, operands: Operands? = nil, sections: [OptionSection<Values>] = [],
    options: [Option<Values>]
  ) {
    self.tool = tool
    self.abstract = abstract
    self.operands = operands
    self.sections =
      sections + [
        OptionSection(
          "OPTIONS",
          options + [
            .flag("version", letter: "V", "Print the version.") { _ in },
            .flag("help", letter: "h", "Print this help.") { _ in },
          ])
      ]
  }
}

/// What a tool takes besides options, any number of it.
public struct Operands: Sendable {
  let placeholder: String
  let help: String

  /// Operands of a name, explained in a sentence or two.
  public init(_ placeholder: String, _ help: String) {
    self.placeholder = placeholder
    self.help = help
  }
}
