import ArgumentParser
import CommandSupport
import Diagnostics
import Glibc
import POSIX

/// The options that say which images are meant.
struct NameOptions: ParsableArguments {
  @Flag(help: "All images of the store.")
  var all = false

  @Option(
    help: ArgumentHelp("Read further names from a file, one per line; - is standard input.", valueName: "FILE"))
  var fromFile: [String] = []

  @Flag(
    name: [.customShort("0"), .customLong("null")], help: "Names that are read end in NUL, not in a line feed.")
  var null = false

  @Argument(
    help: ArgumentHelp("Names or IDs of images; - reads names from standard input.", valueName: "image"))
  var images: [String] = []

  /// The names in the order of the command line, those of files at the end; nil for all images.
  func names() throws(Failure) -> [String]? {
    let sources = images.count { $0 == "-" } + fromFile.count
    if null, sources == 0 { throw Failure(.usage, "--null", "has no effect without names to read") }
    if all {
      try refuseNames(besides: "--all")
      return nil
    }
    var names: [String] = []
    for image in images { names += image == "-" ? try read("-") : [image] }
    for file in fromFile { names += try read(file) }
    if names.isEmpty {
      throw sources > 0
        ? Failure(.usage, "", "no names were read") : Failure(.usage, "", "no images (name some, or --all)")
    }
    return names
  }

  /// Refuses names where another option decides about the images.
  func refuseNames(besides option: String) throws(Failure) {
    if !images.isEmpty || !fromFile.isEmpty || (all && option != "--all") {
      throw Failure(.usage, option, "takes no names")
    }
  }

  private func read(_ file: String) throws(Failure) -> [String] {
    let bytes = file == "-" ? try StandardInput.readToEnd() : try contents(of: file)
    var names: [String] = []
    for line in bytes.split(separator: null ? 0 : 0x0A) {
      let text = line.last == 0x0D && !null ? line.dropLast() : line
      guard let name = String(validating: text, as: UTF8.self) else {
        throw Failure(.badData, file, "not UTF-8: \"\(printable(bytes: text))\"")
      }
      if !name.isEmpty { names.append(name) }
    }
    return names
  }

  /// What a file holds, which may be a pipe that the shell has made: `--from-file <(command)`.
  private func contents(of file: String) throws(Failure) -> [UInt8] {
    let limit = 64 << 20
    do {
      if let bytes = try FileDescriptor.open(Path(file), O_RDONLY | O_NOCTTY).readToEnd(limit: limit, file) {
        return bytes
      }
    } catch {
      throw error.isNotFound ? Failure(.notFound, file, error.reason) : error.failure
    }
    throw Failure(.badData, file, "longer than \(limit) bytes")
  }
}
