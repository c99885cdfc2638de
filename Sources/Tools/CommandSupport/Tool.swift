import CommandLine
import Diagnostics
import Glibc

/// One of the suite's tools: what its command line chooses, and the work.
public protocol Tool {
  /// What can be said to the tool on its command line.
  static var interface: Interface<Self> { get }
  /// What `--version` tells besides the version, if there is something.
  static var versionDetails: String? { get }
  /// The tool without any options.
  init()
  /// Takes the operands of the command line, if the interface has some.
  mutating func take(operands: [String])
  /// Does the work.
  ///
  /// - Returns: The class of the first failure that has been told already without ending the work, nil if all is well.
  /// - Throws: A ``Failure`` that ends the work and is to be told.
  func run() throws(Failure) -> Failure.Kind?
}

extension Tool {
  /// Nothing besides the version.
  public static var versionDetails: String? { nil }
  /// Of a tool without operands.
  public mutating func take(operands: [String]) {}
}

/// Runs one of the suite's tools and ends the process with its exit status.
///
/// Every failure is one line on standard error, `tool: subject: reason`. Help and version go to standard output,
/// where a failed write is a failure too.
public func runTool<Command: Tool>(_ command: Command.Type) -> Never {
  let interface = Command.interface
  // A file that grows too long is a failed write (EFBIG), not the end of the process.
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
  // Swift's runtime reads the command line from there; without it, a command would mean something else.
  if CommandLine.argc == 0 { throw Failure(.unavailable, "/proc", "is not mounted") }
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
