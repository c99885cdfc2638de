import ArgumentParser
import Diagnostics
import Glibc
import ImageArchive
import ImageSaving
import POSIX

/// The options that say what is told about a save; the same in img-tar and img-save.
public struct ReportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write what was saved to a file as JSON.", valueName: "FILE"))
  var report: String?

  @Option(help: ArgumentHelp("Append libpod's event for each saved image to a file.", valueName: "FILE"))
  var events: String?

  /// Options as they are before a command line is parsed.
  public init() {}

  /// Saves, and tells what the options ask for once the output is complete.
  public func save(_ selection: SaveSelection, _ options: SaveOptions) throws(Failure) {
    var options = options
    options.target.summarizes = report != nil
    if report == "-", options.target.path == nil {
      throw Failure(.usage, "--report -", "standard output is taken by the archive")
    }
    let written = try ImageSaving.save(selection, options)
    if let report {
      let line = SaveReport(selection, options, written).line
      if report == "-" {
        try StandardOutput.write(line)
      } else {
        try append(line, to: report, truncating: true)
      }
    }
    if let events { try append(SaveEvents(selection, options).lines, to: events, truncating: false) }
  }

  private func append(_ bytes: [UInt8], to file: String, truncating: Bool) throws(Failure) {
    do {
      let flags = O_WRONLY | O_CREAT | O_NOCTTY | (truncating ? O_TRUNC : O_APPEND)
      let descriptor = try FileDescriptor.open(Path(file), flags, mode: 0o666)
      let written = bytes.withUnsafeBytes { buffer in
        Result { () throws(SystemError) in try descriptor.write(buffer, file) }
      }
      try written.get()
      try descriptor.close(file)
    } catch {
      throw error.failure
    }
  }
}
