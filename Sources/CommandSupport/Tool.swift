import ArgumentParser
import Diagnostics
import Glibc
import Gzip

/// Runs one of the suite's commands and ends the process with its exit status.
///
/// Every failure is one line on standard error, `tool: subject: reason`. Help and version go to standard output,
/// where a failed write is a failure too.
public func runTool<Command: ParsableCommand>(_ command: Command.Type) -> Never {
  let tool = Command.configuration.commandName ?? "img"
  // A file that grows too long is a failed write (EFBIG), not the end of the process.
  signal(SIGXFSZ, SIG_IGN)
  do {
    // Swift's runtime reads the command line from there; without it, a command would mean something else.
    if CommandLine.argc == 0 { throw Failure(.unavailable, "/proc", "is not mounted") }
    var command = try Command.parseAsRoot(arguments())
    try command.run()
    exit(0)
  } catch let failure as Failure {
    Messages(tool: tool).error(failure)
    exit(failure.kind.rawValue)
  } catch let status as ExitCode where !status.isSuccess {
    // What went wrong has been told already.
    exit(status.rawValue)
  } catch {
    exit(status(of: error, command, tool: tool))
  }
}

/// The command line, with the short name of `--version` that ArgumentParser does not know.
private func arguments() -> [String] {
  let arguments = CommandLine.arguments.dropFirst()
  let options = arguments.prefix { $0 != "--" }
  return options.map { $0 == "-V" ? "--version" : $0 } + arguments.dropFirst(options.count)
}

/// Shows what ArgumentParser has to say: help, version, or a usage error cut down to one line.
private func status<Command: ParsableCommand>(of error: any Error, _ command: Command.Type, tool: String)
  -> CInt
{
  // ArgumentParser does not know of -V.
  let text = Command.fullMessage(for: error)
    .replacing("  --version      ", with: "  -V, --version  ", maxReplacements: 1)
    .replacing("USAGE:  ", with: "USAGE: ", maxReplacements: 1)
  if Command.exitCode(for: error).isSuccess {
    do {
      try StandardOutput.write(Array((text + "\n").utf8))
      return 0
    } catch {
      Messages(tool: tool).error(error)
      return error.kind.rawValue
    }
  }
  let message = usageMessage(of: Command.message(for: error), help: Command.helpMessage(columns: 1000))
  Messages(tool: tool).error(Failure(.usage, "", "\(message) (see '\(tool) --help')"))
  return Failure.Kind.usage.rawValue
}

/// The version of the suite, one for all tools.
public let versionNumber = "0.1.0"

/// The configuration of a tool.
///
/// ArgumentParser parses the command line of a command with a super-command once instead of three times: it does not
/// look for a wish for a completion script, of which the suite has better ones. That takes a fifth of the time in
/// which a name is answered, so each tool is said to have one, without a name.
///
/// The version of a tool that `compresses` tells by what.
public func configuration(of tool: String, abstract: String, compresses: Bool) -> CommandConfiguration {
  let version = "\(tool) (img) \(versionNumber)"
  return CommandConfiguration(
    commandName: tool, _superCommandName: "", abstract: abstract,
    version: compresses ? "\(version)\ncompression: \(CompressionLevel.engines)" : version)
}
