import CommandLine

/// The options that say how much is told on standard error; the same in all tools.
public struct MessageOptions: OptionGroup {
  /// Whether each step is explained.
  public var isVerbose: Bool { verbose }
  var verbose = false

  /// The options, in the order of the help.
  public static var options: [Option<MessageOptions>] {
    [.flag("verbose", letter: "v", "Explain each step on standard error.") { $0.verbose = true }]
  }

  /// Options as they are before a command line is parsed.
  public init() {}

  /// Messages in the name of a tool.
  public func messages(of tool: String) -> Messages { Messages(tool: tool, isVerbose: verbose) }
}
