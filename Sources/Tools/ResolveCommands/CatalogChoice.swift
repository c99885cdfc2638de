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
      let kinds = names.map { FileReferenceKind($0) }
      guard kinds.contains(where: { $0 != .name }) else { return try storeCatalog(messages, quiet: quiet) }
      let needsStore = kinds.contains { $0 != .reference }
      if !needsStore { try refuseStoreOptions() }
      return SourceCatalog(
        needsStore ? try storeCatalog(messages, quiet: quiet) : nil,
        openFiles: try opening(messages, quiet: quiet, acceptsStreams))
    }
  }

  /// The images that start with a prefix, for a shell.
  public func completions(of prefix: String, _ messages: Messages) throws(Failure) -> [String] {
    if FileReferenceKind(prefix) == .name {
      return try storeCatalog(messages, quiet: true).completions(of: prefix)
    }
    return SourceCatalog(nil, openFiles: try opening(messages, quiet: true, false)).completions(of: prefix)
  }

  private func refuseStoreOptions() throws(Failure) {
    guard let option = firstOfStore else { return }
    throw Failure(.usage, option, "has no effect on archives and directories")
  }

  /// Opens an archive or a directory with the options.
  private func opening(
    _ messages: Messages, quiet: Bool, _ acceptsStreams: Bool
  ) throws(Failure) -> (ImageFileReference.Place) throws(Failure) -> ImageFileCatalog {
    let platforms = PlatformChoice(try wantedPlatform())
    return { place throws(Failure) in
      try ImageFileCatalog(place, platforms: platforms, acceptsStreams: acceptsStreams) { note in
        if !quiet { messages.note(note) }
      }
    }
  }
}
