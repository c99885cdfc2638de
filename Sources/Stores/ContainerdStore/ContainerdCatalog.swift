import Diagnostics
import Digests
import ImageFiles
import ImageManifest
import ImageModel
import ImageRecord
import ImageReference
import ImageSource
import JSON
import POSIX

/// Finds the images of a namespace of containerd.
public final class ContainerdCatalog: ImageCatalog {
  private let location: ContainerdLocation
  private let folder: BlobFolder
  private let platforms: PlatformChoice
  private var images: ContainerdImages
  /// The keys of each target in the order of the database; read on first use.
  private var keys: [Digest: [String]]?
  /// The keys of each target, in the order of the first ones; for requests without names.
  private let groups: [Group]
  /// The targets of which records were made, by ID.
  private var targets: [String: Digest] = [:]
  private var readingsLeft = 8

  private struct Group {
    let target: BlobDescriptor?
    var keys: [String]
  }

  /// Reads the names in a namespace; with `listsAll` for requests without names too.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `unavailable` without a store, `notFound` without the namespace,
  ///   `noPermission` for another user's store.
  public init(
    _ location: ContainerdLocation, listsAll: Bool, platforms: PlatformChoice
  ) throws(Failure) {
    self.location = location
    self.platforms = platforms
    images = try ContainerdImages(in: location)
    do {
      folder = try ContainerdStore.folder(
        of: location, .unavailable,
        "its content was never pulled, or discarded after unpacking; only the registry has it")
    } catch {
      throw error.advisingOnContainerd()
    }
    groups = listsAll ? ContainerdCatalog.groups(try images.all()) : []
    let namespaces = try images.namespaces()
    if !namespaces.contains(location.namespace) {
      let others = namespaces.isEmpty ? "" : "; there is \(namespaces.joined(separator: ", ")): use --namespace"
      throw Failure(
        .notFound, "namespace \(location.namespace)", "\(location.root) has no images in it\(others)")
    }
  }

  private static func groups(_ images: [ContainerdImage]) -> [Group] {
    var groups: [Group] = []
    var indexes: [Digest: Int] = [:]
    for image in images {
      if let target = image.target, let index = indexes[target.digest] {
        groups[index].keys.append(image.name)
        continue
      }
      if let target = image.target { indexes[target.digest] = groups.count }
      groups.append(Group(target: image.target, keys: [image.name]))
    }
    return groups
  }

  /// The requests for some names, or for all images of the namespace, without signatures and other artifacts.
  public func requests(for names: [String]?) -> [ImageRequest] {
    if let names { return names.map { .name($0) } }
    return groups.indices.filter { !(groups[$0].target.map(folder.isOther) ?? false) }.map { .entry($0) }
  }

  /// The records of a requested image or list; reads again what changed meanwhile.
  public func records(for request: ImageRequest) throws(Failure) -> [ImageRecord] {
    let text = text(of: request)
    while true {
      do {
        return try find(request, text)
      } catch  where [.notFound, .badData, .tryAgain, .unavailable].contains(error.kind) {
        if try images.isUnchanged(in: location) { throw try explained(error, text) }
        guard readingsLeft > 0 else {
          throw Failure(.tryAgain, text, "the store is being changed (\(error.reason))")
        }
        readingsLeft -= 1
        images = try ContainerdImages(in: location)
        keys = nil
      }
    }
  }

  private func find(_ request: ImageRequest, _ text: String) throws(Failure) -> [ImageRecord] {
    switch request {
    case .name(let name):
      let lookup = ContainerdLookup(images: images) { target throws(Failure) in
        try ifAvailable { () throws(Failure) in
          try self.folder.images(target, for: PlatformChoice(self.platforms.single)).first?.config.digest
        } ?? nil
      }
      let found = try lookup.find(name)
      let tags = found.name?.tag == nil ? [] : found.name.map { [$0.description] } ?? []
      return try records(of: found, input: text, tags: tags)
    case .entry(let index):
      guard let target = groups[index].target else {
        throw Failure(.badData, text, "its record in containerd's database is damaged")
      }
      let tags = ContainerdCatalog.tags(groups[index].keys).prefix(1)
      return try records(
        of: FoundImage(target: target, name: nil, match: .id), input: text, tags: Array(tags))
    }
  }

  private func records(of found: FoundImage, input: String, tags: [String]) throws(Failure) -> [ImageRecord] {
    do throws(Failure) {
      return try folder.images(found.target, for: platforms).map { image throws(Failure) in
        let isExempt = image.index != nil || found.name == nil && !platforms.takesLists
        if !isExempt, let platform = image.platform, !platforms.accepts(platform) {
          throw Failure(.notFound, "", "image not known for this platform (\(input) is for \(platform))")
        }
        targets[image.config.digest.hex] = found.target.digest
        return try record(of: image, found, input: input, tags: tags)
      }
    } catch {
      throw error.within(input)
    }
  }

  private func record(
    of image: BlobImage, _ found: FoundImage, input: String, tags: [String]
  ) throws(Failure) -> ImageRecord {
    let isOCI = image.manifest.blob.mediaType == .ociManifest
    let names = ContainerdCatalog.tags(try keys(of: found.target.digest))
    var record = ImageRecord(
      input: input, name: found.name?.description ?? tags.first, tags: tags, id: image.config.digest.hex,
      manifest: image.manifest.blob, config: image.config,
      layers: try image.layers.map { layer throws(Failure) in
        RecordLayer(
          mediaType: isOCI ? .ociLayer : .dockerLayer, layer: layer, locator: try recordObject { _ in })
      },
      storage: try ContainerdStore.storage(location),
      others: try ImageRecord.details(
        match: found.match.rawValue, names: names, created: nil,
        facts: ConfigFacts(config: image.config.bytes))
        + [try RecordMember(target: found.target)])
    record.index = image.index
    return record
  }

  /// The keys of a target in the order of the database.
  private func keys(of target: Digest) throws(Failure) -> [String] {
    if let keys { return keys[target] ?? [] }
    var keys: [Digest: [String]] = [:]
    for image in try images.all() {
      if let target = image.target { keys[target.digest, default: []].append(image.name) }
    }
    self.keys = keys
    return keys[target] ?? []
  }

  /// The complete names with tags among some keys.
  private static func tags(_ keys: [String]) -> [String] {
    var seen: Set<String> = []
    return keys.compactMap { ContainerdLookup.reference($0) }.filter { $0.tag != nil }.map(\.description)
      .filter { seen.insert($0).inserted }
  }

  /// Adds similar names to the failure of an unknown one.
  private func explained(_ failure: Failure, _ text: String) throws(Failure) -> Failure {
    guard failure.kind == .notFound, failure.subject == text, failure.reason == "image not known" else {
      return failure
    }
    let near = namesNear(text, among: try images.all().lazy.map(\.name))
    let hint = near.isEmpty ? "" : " (did you mean \(near.joined(separator: ", "))?)"
    return Failure(.notFound, text, failure.reason + hint)
  }

  /// A request as text: as typed, or the first name or key of the image.
  public func text(of request: ImageRequest) -> String {
    switch request {
    case .name(let name): name
    case .entry(let index): ContainerdCatalog.tags(groups[index].keys).first ?? groups[index].keys[0]
    }
  }

  /// Whether a requested image has a name, be it one by digest; true for a request by name.
  public func hasName(_ request: ImageRequest) -> Bool {
    switch request {
    case .name: true
    case .entry(let index): groups[index].keys.contains { ContainerdLookup.reference($0) != nil }
    }
  }

  /// All names of an image with tags, in the order of the store.
  public func tags(ofImage id: String) -> [String] {
    guard let target = targets[id] else { return [] }
    return ContainerdCatalog.tags((try? keys(of: target)) ?? [])
  }

  /// The keys, names in the forms that users type, and IDs that start with a prefix.
  public func completions(of prefix: String) -> [String] {
    let images = (try? self.images.all()) ?? []
    let names = images.map(\.name).filter { !$0.hasPrefix("sha256:") }.flatMap(dockerForms).filter {
      $0.hasPrefix(prefix)
    }
    let ids =
      prefix.isEmpty ? [] : images.compactMap(\.target).map(\.digest.hex).filter { $0.hasPrefix(prefix) }
    var seen: Set<String> = []
    return (names.sorted() + ids.map { String($0.prefix(max(12, prefix.utf8.count))) }.sorted())
      .filter { seen.insert($0).inserted }
  }
}
