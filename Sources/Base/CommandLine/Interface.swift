/// The command line of a tool; `Values` holds the choices.
public struct Interface<Values> {
  /// The name of the tool.
  public let tool: String
  /// A sentence that says what the tool does.
  let abstract: String
  let operands: Operands?
  let sections: [OptionSection<Values>]
  /// A command for the end of the help; nil for none.
  let example: String?

  /// An interface of these options, `--version` and `--help`; the last section, GENERAL, ends with the latter two.
  ///
  /// - Parameters:
  ///   - tool: The name of the tool.
  ///   - abstract: A sentence that says what the tool does.
  ///   - operands: The operands of the tool; nil for none.
  ///   - sections: Options in titled sections.
  ///   - options: All other options.
  ///   - example: A command for the end of the help; nil for none.
  public init(
    tool: String, abstract: String, operands: Operands? = nil, sections: [OptionSection<Values>] = [],
    options: [Option<Values>], example: String? = nil
  ) {
    self.tool = tool
    self.example = example
    self.abstract = abstract
    self.operands = operands
    self.sections =
      sections + [
        OptionSection(
          "GENERAL",
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
