import CommandSupport
import Diagnostics
import ImageFiles
import ImageSource
import NameLookup

extension StoreOptions {
  /// Opens what a selection needs: the store, archives and directories.
  ///
  /// `acceptsStreams` allows pipes as archives: the records can be used in this process only.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `usage` for an option about the store if none is needed.
  public func catalog(
    for selection: ImageSelection, _ messages: Messages, quiet: Bool, acceptsStreams: Bool = false
  ) throws(Failure) -> any ImageCatalog {
    switch selection {
    case .all: return try storeCatalog(messages, quiet: quiet, all: true)
    case .allOf(let places):
      try refuseStoreOptions()
      return try SourceCatalog(allOf: places, openFiles: try opening(messages, quiet: quiet, acceptsStreams))
    case .names(let names):
      let operands = names.map { Operand($0) }
      guard operands.contains(where: { !$0.isName }) else { return try storeCatalog(messages, quiet: quiet) }
      let needsStore = operands.contains(where: \.mayBeName)
      if !needsStore { try refuseStoreOptions(operands) }
      return SourceCatalog(
        needsStore ? try storeCatalog(messages, quiet: quiet) : nil,
        openFiles: try opening(messages, quiet: quiet, acceptsStreams),
        openStore: { store throws(Failure) in try catalog(of: store, messages, quiet: quiet) })
    }
  }

  /// The images that start with a prefix, for a shell.
  public func completions(of prefix: String, _ messages: Messages) throws(Failure) -> [String] {
    switch Operand(prefix) {
    case .name: return try storeCatalog(messages, quiet: true).completions(of: prefix)
    case .store(let reference):
      let names = try catalog(of: reference.store, messages, quiet: true).completions(of: reference.name)
      return names.map { reference.prefix + $0 }
    case .file: break
    }
    return SourceCatalog(nil, openFiles: try opening(messages, quiet: true, false)).completions(of: prefix)
  }

  /// Refuses options about the chosen store if all names are those of other places.
  private func refuseStoreOptions(_ operands: [Operand] = []) throws(Failure) {
    guard let option = firstOfStore else { return }
    for case .store(let reference) in operands {
      throw Failure(.usage, option, "has no effect on names with \(reference.prefix); use --store")
    }
    throw Failure(.usage, option, "has no effect on archives and directories")
  }

  /// Opens an archive or a directory with the options.
  private func opening(
    _ messages: Messages, quiet: Bool, _ acceptsStreams: Bool
  ) throws(Failure) -> (ImageFileReference.Place) throws(Failure) -> ImageFileCatalog {
    let platforms = try platformChoice()
    return { place throws(Failure) in
      try ImageFileCatalog(place, platforms: platforms, acceptsStreams: acceptsStreams) { note in
        if !quiet { messages.note(note) }
      }
    }
  }
}

/// What a name on the command line means.
enum Operand {
  /// An image of the chosen store.
  case name
  /// An image of an archive or a directory.
  case file(mayBeName: Bool)
  /// An image of another store.
  case store(OtherStoreReference)

  init(_ text: String) {
    if let reference = OtherStoreReference(text) {
      self = .store(reference)
      return
    }
    switch FileReferenceKind(text) {
    case .name: self = .name
    case .reference: self = .file(mayBeName: false)
    case .nameOrReference: self = .file(mayBeName: true)
    }
  }

  /// Whether the text can only be a name in the chosen store.
  var isName: Bool { if case .name = self { true } else { false } }

  /// Whether the text may be a name in the chosen store.
  var mayBeName: Bool {
    switch self {
    case .name: true
    case .file(let mayBeName): mayBeName
    case .store(let reference): reference.mayBeName
    }
  }
}
