import CommandLine
import CommandSupport
import Diagnostics
import ImageModel
import ImageRecord
import KnownLayers
import POSIX

/// The option for lists of the layers that the receiver has; the same in img-save, img-manifest and img-tar.
public struct HaveOptions: OptionGroup {
  /// The lists; `-` is standard input.
  var files: [Path] = []

  /// The option, for the help.
  public static var options: [Option<HaveOptions>] {
    [
      .path(
        "have", value: "FILE", "Leave out the layers that FILE lists: they are there already; repeatable.",
        repeats: true
      ) { $0.add($1) }
    ]
  }

  /// The options before a command line is parsed.
  public init() {}

  /// Adds a list.
  public mutating func add(_ file: Path) { files.append(file) }

  /// The files of the lists.
  public var places: [Path] { files.filter { $0 != "-" } }

  /// Whether there are lists.
  public var isGiven: Bool { !files.isEmpty }

  /// Refuses lists that cannot be read; `readsInput`: whether standard input is read for something else.
  public func check(readsInput: Bool) throws(Failure) {
    let inputs = files.count { $0 == "-" } + (readsInput ? 1 : 0)
    guard inputs > 1, files.contains("-") else { return }
    throw Failure(.usage, "--have -", "standard input can be read only once")
  }

  /// Reads all lists; prints their notes.
  public func layers(_ messages: Messages, quiet: Bool = false) throws(Failure) -> ListedLayers {
    var result = ListedLayers()
    for file in files {
      let list = try self.list(file)
      result.known.add(list.known)
      result.mayBeCompressed = result.mayBeCompressed || list.mayBeCompressed
      if !quiet { for note in list.notes { messages.note("--have: \(note)") } }
    }
    messages.detail(
      "--have: \(result.known.chains.count) chains, \(result.known.digests.count) other digests")
    return result
  }

  private func list(_ file: Path) throws(Failure) -> LayerList {
    guard file == "-" else { return try LayerList(at: file) }
    if StandardInput.isTerminal { throw Failure(.usage, "--have -", "expected a list, not a terminal") }
    return try LayerList(standardInput: FileDescriptor(owning: 0))
  }
}

/// The layers of all lists.
public struct ListedLayers: Sendable {
  /// The layers.
  public internal(set) var known = KnownLayers()
  /// Whether a list may have digests of compressed blobs.
  var mayBeCompressed = false

  /// The records with the layers marked that the receiver has; prints what the user should know.
  public func marked(
    _ records: [ImageRecord], _ messages: Messages, quiet: Bool = false
  ) -> [ImageRecord] {
    var isChain = true
    var count = 0
    let marked = records.map { record in
      let (marked, prefix) = record.leavingOut(known)
      isChain = isChain && prefix.isChain
      count += prefix.count
      messages.detail("--have: \(record.title): \(prefix.count) of \(record.layers.count) layers are there")
      return marked
    }
    if quiet { return marked }
    if !isChain { messages.note("--have: the list has no order: docker may lack the chain") }
    if count == 0 {
      let reason = mayBeCompressed ? " (skopeo lists layers only for containers-storage:NAME)" : ""
      messages.note("--have: nothing to leave out: the list has no layer of these images\(reason)")
    }
    return marked
  }
}
