import Diagnostics
import ImageModel
import ImageRecord
import ImageReference
import ImageSource
import POSIX

/// Finds the images of one archive or directory.
public final class ImageFileCatalog: ImageCatalog {
  private let place: ImageFileReference.Place
  private let recordPlace: RecordPlace
  private let images: [ListedImage]
  private let platforms: PlatformChoice
  private let note: (String) -> Void
  /// The names of the images of which records were made, by ID.
  private var names: [String: [String]] = [:]

  /// Opens an archive or a directory and lists its images; reads no manifest.
  ///
  /// `note` receives what is wrong, but does no harm. A pipe is read only if `acceptsStreams`.
  ///
  /// - Throws: A failure of the kind `notFound` if there is nothing at the path, `badData` for something else or
  ///   damage, `unavailable` for an unsupported compression.
  public convenience init(
    _ place: ImageFileReference.Place, platforms: PlatformChoice, acceptsStreams: Bool,
    note: @escaping (String) -> Void = { _ in }
  ) throws(Failure) {
    switch place.transport {
    case .dir:
      let path = try RecordPlace.absolute(place.path)
      self.init(
        place, try DirectoryImages.list(DirectoryFiles(Path(path))),
        in: RecordPlace(kind: DirectoryLayers.kind, path: path, size: nil), platforms, note)
    case .oci:
      let path = try RecordPlace.absolute(place.path)
      self.init(
        place, try LayoutImages.list(DirectoryFiles(Path(path))),
        in: RecordPlace(kind: LayoutLayers.kind, path: path, size: nil), platforms, note)
    case .ociArchive, .dockerArchive:
      let path =
        place.isStandardInput ? "\(Archive.standardInput)" : try RecordPlace.absolute(place.path)
      let archive = try Archive.open(Path(path), acceptsStreams: acceptsStreams)
      try self.init(place, archive, path: path, platforms: platforms, note: note)
    }
  }

  /// Lists the images of an open archive, which records name by its absolute path.
  convenience init(
    _ place: ImageFileReference.Place, _ archive: Archive, path: String, platforms: PlatformChoice,
    note: @escaping (String) -> Void
  ) throws(Failure) {
    let files = try TarFiles(archive)
    if files.garbage > 0 { note("\(archive.name): data after the end of the archive is ignored") }
    let images =
      place.transport == .ociArchive ? try LayoutImages.list(files) : try DockerArchiveImages.list(files)
    let recordPlace = RecordPlace(kind: ArchiveLayers.kind, path: path, size: archive.fileSize)
    self.init(place, images, in: recordPlace, platforms, note)
  }

  private init(
    _ place: ImageFileReference.Place, _ images: [ListedImage], in recordPlace: RecordPlace,
    _ platforms: PlatformChoice, _ note: @escaping (String) -> Void
  ) {
    self.place = place
    self.images = images
    self.recordPlace = recordPlace
    self.platforms = platforms
    self.note = note
  }

  /// The requests for some references to this place, or for all images, without signatures and other artifacts.
  public func requests(for names: [String]?) -> [ImageRequest] {
    names.map { $0.map { .name($0) } } ?? images.indices.filter { !images[$0].isOther() }.map { .entry($0) }
  }

  /// The records of an image or a list; all names are its tags, unless it was asked for by one of them.
  public func records(for request: ImageRequest) throws(Failure) -> [ImageRecord] {
    let text = text(of: request)
    do throws(Failure) {
      switch request {
      case .entry(let index): return try records(of: images[index], input: text, match: "all")
      case .name(let name): return try records(name)
      }
    } catch {
      throw error.within(text)
    }
  }

  private func records(_ text: String) throws(Failure) -> [ImageRecord] {
    guard let reference = try ImageFileReference(text) else {
      throw Failure(.internalError, "", "not a reference to an archive or a directory")
    }
    switch reference.selector {
    case .only:
      let images = images.count == 1 ? images : images.filter { !$0.isOther() }
      guard images.count <= 1 else { throw severalImages }
      guard let image = images.first else { throw Failure(.notFound, "", "there are no images in it") }
      return try records(of: image, input: text, match: "only")
    case .index(let position):
      guard let image = images.first(where: { $0.positions.contains(position) }) else {
        throw Failure(.notFound, "", "there is no image @\(position)")
      }
      return try records(of: image, input: text, match: "index")
    case .name(let name):
      let forms = [
        name, (try? ImageReference.parseDockerReference(name))?.description,
        (try? ImageReference.normalizedName(name))?.description,
      ].compactMap(\.self)
      if let image = try selected(name) {
        let tag = image.selectors.first { $0.text == name }?.name
        if tag == nil {
          note("\(text): \(name) is no full name, so the image gets none (img-save --tag gives one)")
        }
        return try records(of: image, input: text, tags: tag.map { [$0] } ?? [], match: "name")
      }
      for form in forms {
        guard let image = images.first(where: { $0.names.contains(form) }) else { continue }
        return try records(of: image, input: text, tags: [form], match: "name")
      }
      throw unknown(name)
    }
  }

  /// The first image with a name exactly as written; nil if there is none.
  ///
  /// Of two images with the same full name the first counts, as in containers/image. Two full names with the same
  /// bare tag are two images that the tag does not distinguish.
  private func selected(_ name: String) throws(Failure) -> ListedImage? {
    let images = images.filter { $0.selectors.contains { $0.text == name } }
    let names = Set(images.map { $0.names.first })
    guard names.count > 1, !names.contains(name) else { return images.first }
    throw several(images, "\(images.count) images have the tag \(name)", instead: "")
  }

  private func records(
    of listed: ListedImage, input: String, tags: [String]? = nil, match: String
  ) throws(Failure) -> [ImageRecord] {
    try listed.read(platforms).map { image throws(Failure) in
      if image.index == nil, let platform = image.platform, !platforms.accepts(platform) {
        throw Failure(.notFound, "", "the image is for \(platform)")
      }
      if image.hasAttestations { note("\(input): the attestations of its index are left out") }
      let record = try ImageRecord(
        image, input: input, names: listed.names, tags: tags ?? listed.names, match: match, in: recordPlace)
      names[record.id] = listed.names
      return record
    }
  }

  /// The failure if no image is chosen, with the choices.
  private var severalImages: Failure { several(images, "more than one image", instead: ", or --all") }

  private func several(_ images: [ListedImage], _ reason: String, instead: String) -> Failure {
    let choices = images.compactMap { choice(of: $0) }
    let more = choices.count > 8 ? ", ..." : ""
    return Failure(
      .usage, "", "\(reason) (choose \(choices.prefix(8).joined(separator: ", "))\(more)\(instead))")
  }

  /// The first reference that selects an image; nil if there is none, or no need of one.
  private func choice(of image: ListedImage) -> String? {
    // A colon would be a part of the path.
    if place.transport == .dir { return nil }
    if let name = image.names.first ?? image.selectors.first?.text { return place.text(name) }
    guard place.transport != .ociArchive, let position = image.positions.first else { return nil }
    return place.text("@\(position)")
  }

  private func unknown(_ name: String) -> Failure {
    let near = namesNear(name, among: images.flatMap(\.names) + images.flatMap(\.selectors).map(\.text))
    if !near.isEmpty {
      return Failure(
        .notFound, "", "there is no such image in it (did you mean \(near.joined(separator: ", "))?)")
    }
    let known = images.compactMap { $0.names.first ?? $0.selectors.first?.text }
    let shown = known.prefix(4).joined(separator: ", ") + (known.count > 4 ? ", ..." : "")
    return Failure(.notFound, "", "there is no such image in it" + (known.isEmpty ? "" : " (it has \(shown))"))
  }

  /// A request as text: as typed, or a reference to the image.
  public func text(of request: ImageRequest) -> String {
    switch request {
    case .name(let name): name
    case .entry(let index): choice(of: images[index]) ?? place.text
    }
  }

  /// Whether a requested image has a complete name; true for a request by name.
  public func hasName(_ request: ImageRequest) -> Bool {
    switch request {
    case .name: true
    case .entry(let index): !images[index].names.isEmpty
    }
  }

  /// The complete names of an image of which a record was made.
  public func tags(ofImage id: String) -> [String] { names[id] ?? [] }

  /// The references to images here that start with a prefix.
  public func completions(of prefix: String) -> [String] {
    var seen: Set<String> = []
    return images.flatMap { image in image.selectors.map(\.text) + image.names.flatMap { typedForms(of: $0) } }
      .map { place.text($0) }.filter { $0.hasPrefix(prefix) && seen.insert($0).inserted }.sorted()
  }
}
