import Diagnostics
import Glibc

/// The messages of a tool on standard error: one line each, without control characters.
public struct Messages: Sendable {
  private let tool: String
  /// Whether to print details.
  public let isVerbose: Bool

  /// The messages of a tool.
  public init(tool: String, isVerbose: Bool = false) {
    self.tool = tool
    self.isVerbose = isVerbose
  }

  /// Prints why the tool fails.
  public func error(_ failure: Failure) {
    say("\(failure)")
  }

  /// Prints a message that is not a failure.
  public func note(_ text: String) {
    say(printable(text))
  }

  /// Prints a detail if the tool is verbose.
  public func detail(_ text: @autoclosure () -> String) {
    if isVerbose { say(printable(text())) }
  }

  private func say(_ text: String) {
    let line = Array("\(tool): \(text)\n".utf8)
    // One write, so that lines of tools in a pipeline do not mix; a failure cannot be reported.
    _ = write(2, line, line.count)
  }
}
