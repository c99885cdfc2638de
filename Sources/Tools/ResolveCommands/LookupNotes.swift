import CommandSupport
import NameLookup
import POSIX

/// Prints the notes of lookups, each once: all short names meet the same faulty configuration.
final class LookupNotes: Sendable {
  private let messages: Messages
  private let printed = Lock<Set<String>>([])

  init(_ messages: Messages) {
    self.messages = messages
  }

  func print(_ note: LookupNote) {
    // A missing manifest is an error of its own when it is needed.
    if case .noManifest = note { return }
    let text = "\(note)"
    if printed.withLock({ $0.insert(text).inserted }) { messages.note(text) }
  }
}
