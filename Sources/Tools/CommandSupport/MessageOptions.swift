import CommandLine

/// The options for messages on standard error; the same in all tools.
public struct MessageOptions: OptionGroup {
  /// Whether to explain each step.
  public var isVerbose: Bool { verbose }
  var verbose = false

  /// The options, in the order of the help.
  public static var options: [Option<MessageOptions>] {
    [.flag("verbose", letter: "v", "Explain each step on standard error.") { $0.verbose = true }]
  }

  /// The options before a command line is parsed.
  public init() {}

  /// The messages of a tool.
  public func messages(of tool: String) -> Messages { Messages(tool: tool, isVerbose: verbose) }
}
