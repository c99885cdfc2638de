import ImageFiles
import ImageReference
import POSIX

/// Whether a text means an image in an archive or a directory, not one of the store.
public enum FileReferenceKind: Sendable {
  /// A text without one of the transports: a name.
  case name
  /// A reference to an archive or a directory, which no lookup in a store accepts.
  case reference
  /// A text that a lookup in a store may find: its transport refuses it, but it is a valid name.
  case nameOrReference

  /// Looks at a text; checks only whether files exist.
  ///
  /// Source: libimage runtime.go, LookupImage: a text that its transport refuses is looked up as a name.
  public init(_ text: String, files: FileProbe = .real) {
    guard ImageFileReference.split(text) != nil, let (transport, rest) = Transport.split(text) else {
      self = .name
      return
    }
    let isName = !transport.accepts(rest, files: files) && (try? ImageReference.parse(text)) != nil
    self = isName ? .nameOrReference : .reference
  }
}
