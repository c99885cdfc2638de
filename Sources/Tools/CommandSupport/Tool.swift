import CommandLine
import Diagnostics
import Glibc

/// One of the suite's tools: its command line and its work.
public protocol Tool {
  /// The command line of the tool.
  static var interface: Interface<Self> { get }
  /// Additional text for `--version`, if any.
  static var versionDetails: String? { get }
  /// The tool without any options.
  init()
  /// Receives the operands of the command line, if the interface has any.
  mutating func take(operands: [String])
  /// Does the work.
  ///
  /// - Returns: The class of the first failure that was printed without ending the work; nil if there was none.
  /// - Throws: A ``Failure`` that ends the work and is not printed yet.
  func run() throws(Failure) -> Failure.Kind?
}

extension Tool {
  /// Nil: no additional text.
  public static var versionDetails: String? { nil }
  /// Does nothing, for a tool without operands.
  public mutating func take(operands: [String]) {}
}

/// Runs one of the suite's tools and exits with its status.
///
/// Every failure is one line on standard error, `tool: subject: reason`. Help and version go to standard
/// output; a failed write there is a failure, too.
public func runTool<Command: Tool>(_ command: Command.Type) -> Never {
  let interface = Command.interface
  // A file that is too long is a failed write (EFBIG), not a signal.
  signal(SIGXFSZ, SIG_IGN)
  do throws(Failure) {
    let failed = try run(command, interface)
    exit(failed?.rawValue ?? 0)
  } catch {
    Messages(tool: interface.tool).error(error)
    exit(error.kind.rawValue)
  }
}

private func run<Command: Tool>(
  _ command: Command.Type, _ interface: Interface<Command>
) throws(Failure) -> Failure.Kind? {
  // Swift's runtime reads the command line from /proc; without it, all arguments would be missing.
  guard CommandLine.argc > 0 else {
    throw Failure(.unavailable, "/proc/self/cmdline", "cannot be read; /proc must be mounted")
  }
  var command = Command()
  let request: Request
  do {
    request = try interface.read(CommandLine.argc, CommandLine.unsafeArgv, into: &command)
  } catch {
    throw Failure(error.kind, error.subject, "\(error.reason) (see '\(interface.tool) --help')")
  }
  switch request {
  case .help: try StandardOutput.write(Array(interface.help.utf8))
  case .version:
    let lines = ["\(interface.tool) (img) \(versionNumber)", Command.versionDetails].compactMap(\.self)
    try StandardOutput.write(lines.flatMap { Array("\($0)\n".utf8) })
  case .run(let operands):
    command.take(operands: operands)
    return try command.run()
  }
  return nil
}

/// The version of the suite, one for all tools.
public let versionNumber = "0.1.0"
