import ArgumentParser
import Diagnostics
import ImageSaving
import POSIX

/// The options that say what is written and where; the same in img-tar and img-save.
public struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The format: docker-archive, oci-archive, oci-dir or docker-dir.", valueName: "FORMAT"))
  var format: SaveFormat = .dockerArchive

  @Option(name: .shortAndLong, help: ArgumentHelp("The target; - is standard output.", valueName: "PATH"))
  var output: String?

  @Flag(name: .shortAndLong, help: "Replace an existing target.")
  var force = false

  @Flag(help: "Flush the target to its disk before reporting success.")
  var sync = false

  @Flag(name: .shortAndLong, help: "No progress and no notes, only errors.")
  var quiet = false

  /// Options as they are before a command line is parsed.
  public init() {}

  /// What the options ask for.
  public func saveOptions() throws(Failure) -> SaveOptions {
    let path = output.flatMap { $0 == "-" ? nil : Path($0) }
    if let path, path.bytes.isEmpty { throw Failure(.usage, "--output", "the path is empty") }
    if path == nil {
      if force { throw Failure(.usage, "--force", "has no effect on standard output") }
      if sync { throw Failure(.usage, "--sync", "has no effect on standard output") }
    }
    var options = SaveOptions(format: format, output: path)
    options.force = force
    options.synchronize = sync
    return options
  }
}

extension SaveFormat: ExpressibleByArgument {}
