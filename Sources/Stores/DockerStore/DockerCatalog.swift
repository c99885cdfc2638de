import Diagnostics
import Digests
import ImageManifest
import ImageModel
import ImageRecord
import ImageReference
import ImageSource
import POSIX

/// Finds the images of a store of Docker, by the rules of its engine.
public final class DockerCatalog: ImageCatalog {
  private let location: DockerLocation
  private let records: DockerRecords
  private let accepts: (Platform) -> Bool
  private var snapshot: DockerSnapshot
  private let images: [Digest]
  private var readingsLeft = 8

  /// Reads the names in a store; with `listsAll` all IDs too, for requests without names.
  ///
  /// `accepts` decides whether an image of a platform may be found by a name.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `unavailable` without a store, `noPermission` for another user's.
  public init(
    _ location: DockerLocation, listsAll: Bool, accepts: @escaping (Platform) -> Bool = { _ in true }
  ) throws(Failure) {
    self.location = location
    self.accepts = accepts
    records = DockerRecords(in: location)
    do throws(Failure) {
      try location.check()
      snapshot = try DockerSnapshot(of: location)
      images = listsAll ? try snapshot.images() : []
    } catch {
      throw error.advisingOnDocker()
    }
  }

  /// The requests for some names, or for all images of the store.
  public func requests(for names: [String]?) -> [ImageRequest] {
    names.map { $0.map { .name($0) } } ?? images.indices.map { .entry($0) }
  }

  /// The record of a requested image; reads again what changed meanwhile.
  ///
  /// The store has no lists.
  public func records(for request: ImageRequest) throws(Failure) -> [ImageRecord] {
    let text = text(of: request)
    while true {
      do {
        return [try find(request, text)]
      } catch  where [.notFound, .badData, .tryAgain].contains(error.kind) {
        let fresh = try DockerSnapshot(of: location)
        let isUnchanged = try fresh.isUnchanged(since: snapshot)
        if isUnchanged { throw explained(error, text) }
        guard readingsLeft > 0 else {
          throw Failure(.tryAgain, text, "the store is being changed (\(error.reason))")
        }
        readingsLeft -= 1
        // So that the next comparison can tell.
        _ = try fresh.images()
        snapshot = fresh
      }
    }
  }

  private func find(_ request: ImageRequest, _ text: String) throws(Failure) -> ImageRecord {
    let found: DockerSnapshot.Found
    switch request {
    case .name(let name): found = try snapshot.find(name)
    case .entry(let index): found = DockerSnapshot.Found(id: images[index], name: nil, match: .id)
    }
    let names = snapshot.repositories.names(of: found.id)
    var tags: [String] = []
    if let name = found.name, name.tag != nil { tags = [name.description] }
    if case .entry = request, let name = names.first(where: { $0.tag != nil }) { tags = [name.description] }
    do throws(Failure) {
      let record = try records.record(of: found, input: text, tags: tags, names: names)
      if found.name != nil, let config = record.config,
        let platform = ConfigFacts(config: config.bytes).platform,
        !accepts(platform)
      {
        throw Failure(.notFound, "", "image not known for this platform (\(text) is for \(platform))")
      }
      return record
    } catch {
      throw error.within(text)
    }
  }

  /// The failure of an image in a store that does not change: damage, or a name that may be misspelt.
  private func explained(_ failure: Failure, _ text: String) -> Failure {
    switch failure.kind {
    case .tryAgain:
      // The daemon removes an image before its layers.
      return Failure(.badData, text, "a layer is missing from the store")
    case .notFound where failure.subject == text && failure.reason == "image not known":
      let near = namesNear(text, among: snapshot.repositories.entries.lazy.map(\.name.description))
      let hint = near.isEmpty ? "" : " (did you mean \(near.joined(separator: ", "))?)"
      return Failure(.notFound, text, failure.reason + hint)
    default: return failure
    }
  }

  /// A request as text: as typed, or the first name or the ID of the image.
  public func text(of request: ImageRequest) -> String {
    switch request {
    case .name(let name): name
    case .entry(let index):
      snapshot.repositories.names(of: images[index]).first?.description ?? images[index].hex
    }
  }

  /// Whether a requested image has a name; true for a request by name.
  public func hasName(_ request: ImageRequest) -> Bool {
    switch request {
    case .name: true
    case .entry(let index): !snapshot.repositories.names(of: images[index]).isEmpty
    }
  }

  /// All names of an image with tags, in the order of the store.
  public func tags(ofImage id: String) -> [String] {
    guard let id = Digest(hex: id) else { return [] }
    return snapshot.repositories.names(of: id).filter { $0.tag != nil }.map(\.description)
  }

  /// The names in the forms that users type, and IDs, that start with a prefix.
  public func completions(of prefix: String) -> [String] {
    let names = snapshot.repositories.entries.filter { $0.name.tag != nil }
      .flatMap { dockerForms(of: $0.name.description) }
    let images = prefix.isEmpty ? [] : (try? snapshot.images()) ?? []
    let ids = images.filter { $0.hex.hasPrefix(prefix) }
      .map { String($0.hex.prefix(max(12, prefix.utf8.count))) }
    var seen: Set<String> = []
    return (names.filter { $0.hasPrefix(prefix) }.sorted() + ids).filter { seen.insert($0).inserted }
  }
}
