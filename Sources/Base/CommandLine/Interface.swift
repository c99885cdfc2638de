/// The command line of a tool; `Values` holds the choices.
public struct Interface<Values> {
  /// The name of the tool.
  public let tool: String
  /// A sentence that says what the tool does.
  let abstract: String
  let operands: Operands?
  let sections: [OptionSection<Values>]

  /// An interface of these options, `--version` and `--help`; the last section lists the latter two at its end.
  ///
  /// - Parameters:
  ///   - tool: The name of the tool.
  ///   - abstract: A sentence that says what the tool does.
  ///   - operands: The operands of the tool; nil for none.
  ///   - sections: Options in titled sections.
  ///   - options: All other options.
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

/// The operands of a tool, any number of them.
public struct Operands: Sendable {
  let placeholder: String
  let help: String

  /// Operands with a placeholder and a help text.
  public init(_ placeholder: String, _ help: String) {
    self.placeholder = placeholder
    self.help = help
  }
}
