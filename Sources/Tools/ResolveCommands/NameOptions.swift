import CommandLine
import CommandSupport
import Diagnostics
import Glibc
import ImageFiles
import POSIX

/// The options that select images; the same in img-resolve and img-save.
public struct NameOptions: OptionGroup {
  var all = false
  var fromFile: [Path] = []
  var null = false
  /// The operands of the command line.
  public var images: [String] = []

  /// The options, in the order of the help.
  public static var options: [Option<NameOptions>] {
    [
      .flag("all", "Select all images of the store, or of the archives given.") { $0.all = true },
      .path(
        "from-file", value: "FILE", "Read more names from FILE, one per line; - is standard input.",
        repeats: true
      ) {
        $0.fromFile.append($1)
      },
      .flag("null", letter: "0", "Names are separated by NUL instead of newline.") { $0.null = true },
    ]
  }

  /// The options before a command line is parsed.
  public init() {}

  /// Whether an operand or an option selects images.
  public var selectsImages: Bool { all || !images.isEmpty || !fromFile.isEmpty }

  /// Whether names that are read end in NUL.
  public var readsNul: Bool { null }

  /// The selected images: those of the command line in their order, then those of files.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `usage` for no names, and for names besides `--all` other than
  ///   those of archives and directories.
  public func selection() throws(Failure) -> ImageSelection {
    guard all else { return .names(try names()) }
    let isAlone = images.isEmpty && fromFile.isEmpty
    if null, isAlone { throw Failure(.usage, "--null", "has no effect without names to read") }
    if isAlone { return .all }
    guard fromFile.isEmpty else { throw Failure(.usage, "--all", "takes no names") }
    return .allOf(
      try images.map { name throws(Failure) in
        guard let reference = try ImageFileReference(name) else {
          throw Failure(.usage, "--all", "takes no names")
        }
        guard reference.selector == .only else {
          throw Failure(
            .usage, "--all", "takes an archive or a directory without a name: \(reference.place.text)")
        }
        return reference.place
      })
  }

  /// The names in the order of the command line, then those of files.
  private func names() throws(Failure) -> [String] {
    let sources = images.count { $0 == "-" } + fromFile.count
    if null, sources == 0 { throw Failure(.usage, "--null", "has no effect without names to read") }
    let readers = images.count { $0 == "-" } + fromFile.count { $0 == "-" }
    let archives = Set(images.compactMap { (try? ImageFileReference($0))?.place }.filter(\.isStandardInput))
    if readers + archives.count > 1 {
      throw Failure(.usage, "-", "standard input can be read only once")
    }
    var names: [String] = []
    for image in images { names += image == "-" ? try read("-") : [image] }
    for file in fromFile { names += try read(file) }
    if names.isEmpty {
      throw sources > 0
        ? Failure(.usage, "", "no names in the input") : Failure(.usage, "", "an image or --all is needed")
    }
    return names
  }

  /// Refuses names if another option selects the images.
  public func refuseNames(besides option: String) throws(Failure) {
    if !images.isEmpty || !fromFile.isEmpty || (all && option != "--all") {
      throw Failure(.usage, option, "takes no names")
    }
  }

  /// The names of a list; without `--null`, `#` starts a comment line.
  private func read(_ file: Path) throws(Failure) -> [String] {
    let bytes = file == "-" ? try StandardInput.readToEnd(allowingTerminal: true) : try contents(of: file)
    var names: [String] = []
    for line in bytes.split(separator: null ? 0 : 0x0A) {
      if !null, line.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "#") { continue }
      let text = line.last == 0x0D && !null ? line.dropLast() : line
      guard let name = String(validating: text, as: UTF8.self) else {
        throw Failure(.badData, file.description, "not UTF-8: \"\(printable(bytes: text))\"")
      }
      if !name.isEmpty { names.append(name) }
    }
    return names
  }

  /// The contents of a file, which may be a pipe from the shell: `--from-file <(command)`.
  private func contents(of file: Path) throws(Failure) -> [UInt8] {
    let limit = 64 << 20
    do {
      if let bytes = try FileDescriptor.open(file, O_RDONLY | O_NOCTTY).readToEnd(
        limit: limit, file.description)
      {
        return bytes
      }
    } catch {
      throw error.isNotFound ? Failure(.notFound, file.description, error.reason) : error.failure
    }
    throw Failure(.badData, file.description, "longer than \(limit) bytes")
  }
}
