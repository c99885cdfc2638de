import Diagnostics
import Glibc

/// The messages of a tool on standard error: one line each, with nothing in it that could drive a terminal.
public struct Messages: Sendable {
  private let tool: String
  /// Whether details are told, too.
  public let isVerbose: Bool

  /// Messages in the name of a tool.
  public init(tool: String, isVerbose: Bool = false) {
    self.tool = tool
    self.isVerbose = isVerbose
  }

  /// Says why the tool fails.
  public func error(_ failure: Failure) {
    say("\(failure)")
  }

  /// Says something that does not make the tool fail.
  public func note(_ text: String) {
    say(printable(text))
  }

  /// Says what is done and why, if somebody wants to know.
  public func detail(_ text: @autoclosure () -> String) {
    if isVerbose { say(printable(text())) }
  }

  private func say(_ text: String) {
    let line = Array("\(tool): \(text)\n".utf8)
    // One write, so that lines of a pipeline's tools do not mix; nobody could be told that it failed.
    _ = write(2, line, line.count)
  }
}
