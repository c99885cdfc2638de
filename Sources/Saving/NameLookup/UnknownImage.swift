import ContainersStorage
import Diagnostics
import ImageModel
import ImageReference

/// Finds why an image is not known, and what the user may have meant.
struct UnknownImage {
  let input: String
  let snapshot: StoreSnapshot
  let options: LookupOptions

  /// Adds the platform and a hint to the failure of a lookup; other failures are unchanged.
  func explaining(_ failure: Failure) throws(Failure) -> Failure {
    guard failure.kind == .notFound else { return failure }
    let platform = options.platform.map { " for platform \($0)" } ?? ""
    let hint = try hint()
    return Failure(
      failure.kind, failure.subject, failure.reason + platform + (hint.isEmpty ? "" : " (\(hint))"))
  }

  private func hint() throws(Failure) -> String {
    // Such an image counts as unknown, too; its names are no suggestion.
    if let wanted = options.platform, let found = try foundForAnyPlatform() {
      let own = try Lookup(snapshot: found.store, options: options).platform(of: found.image)
      // Of a list, only the instance for the host is known here.
      guard found.list == nil, let own else { return "" }
      return "\(input) is for \(own), not \(wanted)"
    }
    let names = namesNear(input, among: snapshot.images.lazy.flatMap(\.names))
    if !names.isEmpty { return "did you mean \(names.joined(separator: ", "))?" }
    // A reference may name another store.
    return Transport.split(input) == nil ? options.hint() ?? "" : ""
  }

  private func foundForAnyPlatform() throws(Failure) -> FoundImage? {
    var options = options
    options.platform = nil
    options.note = { _ in }
    options.trace = { _ in }
    return try ifAvailable { () throws(Failure) in try lookUpImage(input, in: snapshot, options: options) }
  }
}
