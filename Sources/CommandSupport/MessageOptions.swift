import ArgumentParser

/// The options that say how much is told on standard error; the same in all tools.
public struct MessageOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Tell on standard error what is done, and why.")
  var verbose = false

  /// Options as they are before a command line is parsed.
  public init() {}

  /// Messages in the name of a tool.
  public func messages(of tool: String) -> Messages { Messages(tool: tool, isVerbose: verbose) }
}
