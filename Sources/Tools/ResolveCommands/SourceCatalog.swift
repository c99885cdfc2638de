import Diagnostics
import ImageFiles
import ImageRecord
import ImageSource
import NameLookup

/// The images of a store, if one is open, and of archives and directories; each name decides.
final class SourceCatalog: ImageCatalog {
  private let store: (any ImageCatalog)?
  private let openFiles: (ImageFileReference.Place) throws(Failure) -> ImageFileCatalog
  private let openStore: (OtherStoreReference.Store) throws(Failure) -> any ImageCatalog
  private var stores: [OtherStoreReference.Store: any ImageCatalog] = [:]
  private var files: [ImageFileReference.Place: Result<ImageFileCatalog, Failure>] = [:]
  /// The requests for all images of some places, in the order of the command line.
  private let entries: [(catalog: ImageFileCatalog, request: ImageRequest)]
  /// The catalog of the last record with an ID.
  private var origins: [String: any ImageCatalog] = [:]

  /// Prepares to look names up; opens an archive or directory when it is needed.
  init(
    _ store: (any ImageCatalog)?,
    openFiles: @escaping (ImageFileReference.Place) throws(Failure) -> ImageFileCatalog,
    openStore: @escaping (OtherStoreReference.Store) throws(Failure) -> any ImageCatalog = noOtherStore
  ) {
    self.store = store
    self.openFiles = openFiles
    self.openStore = openStore
    entries = []
  }

  /// Opens archives and directories to list all of their images.
  init(
    allOf places: [ImageFileReference.Place],
    openFiles: @escaping (ImageFileReference.Place) throws(Failure) -> ImageFileCatalog
  ) throws(Failure) {
    store = nil
    self.openFiles = openFiles
    openStore = noOtherStore
    var entries: [(catalog: ImageFileCatalog, request: ImageRequest)] = []
    for place in places {
      let catalog: ImageFileCatalog
      do { catalog = try openFiles(place) } catch { throw error.within(place.text) }
      let requests = catalog.requests(for: nil)
      if requests.isEmpty { throw Failure(.notFound, place.text, "there are no images in it") }
      entries += requests.map { (catalog, $0) }
    }
    self.entries = entries
  }

  func requests(for names: [String]?) -> [ImageRequest] {
    names.map { $0.map { .name($0) } } ?? entries.indices.map { .entry($0) }
  }

  func records(for request: ImageRequest) throws(Failure) -> [ImageRecord] {
    switch request {
    case .entry(let index): return try records(for: entries[index].request, in: entries[index].catalog)
    case .name(let name):
      let operand = Operand(name)
      guard operand.mayBeName else { return try otherRecords(for: name, operand) }
      if operand.isName { return try storeRecords(for: name) }
      do {
        return try storeRecords(for: name)
      } catch  where error.kind == .notFound || error.kind == .usage {
        do throws(Failure) {
          return try otherRecords(for: name, operand)
        } catch let other {
          // Without that other store, the text can only have been a name.
          throw other.kind == .unavailable ? error : other
        }
      }
    }
  }

  /// The records of an image that is not in the chosen store.
  private func otherRecords(for name: String, _ operand: Operand) throws(Failure) -> [ImageRecord] {
    guard case .store(let reference) = operand else { return try fileRecords(for: name) }
    let catalog: any ImageCatalog
    if let open = stores[reference.store] {
      catalog = open
    } else {
      catalog = try openStore(reference.store)
      stores[reference.store] = catalog
    }
    do throws(Failure) {
      return try records(for: .name(reference.name), in: catalog).map { record in
        var record = record
        record.input = name
        return record
      }
    } catch {
      throw error.subject == reference.name ? Failure(error.kind, name, error.reason) : error
    }
  }

  private func storeRecords(for name: String) throws(Failure) -> [ImageRecord] {
    guard let store else { throw Failure(.internalError, name, "no store is open") }
    return try records(for: .name(name), in: store)
  }

  private func fileRecords(for name: String) throws(Failure) -> [ImageRecord] {
    guard let place = try ImageFileReference(name)?.place else {
      throw Failure(.internalError, name, "not a reference")
    }
    let opened =
      files[place] ?? Result { () throws(Failure) in try openFiles(place) }.mapError { $0.within(name) }
    files[place] = opened
    return try records(for: .name(name), in: opened.get())
  }

  private func records(
    for request: ImageRequest, in catalog: any ImageCatalog
  ) throws(Failure) -> [ImageRecord] {
    let records = try catalog.records(for: request)
    for record in records { origins[record.id] = catalog }
    return records
  }

  func text(of request: ImageRequest) -> String {
    switch request {
    case .name(let name): name
    case .entry(let index): entries[index].catalog.text(of: entries[index].request)
    }
  }

  func hasName(_ request: ImageRequest) -> Bool {
    switch request {
    case .name: true
    case .entry(let index): entries[index].catalog.hasName(entries[index].request)
    }
  }

  /// The names of an image in the source of its last record.
  func tags(ofImage id: String) -> [String] { origins[id]?.tags(ofImage: id) ?? [] }

  /// The images that start with a prefix, which names a place, `oci:PATH:`, or else the places: `oci:PA`.
  func completions(of prefix: String) -> [String] {
    guard let (transport, rest) = ImageFileReference.split(prefix), transport != .dir,
      rest.utf8.contains(0x3A)
    else { return ImageFileReference.pathCompletions(of: prefix) }
    let path = String(splitLayout(rest).path)
    let place = ImageFileReference.Place(transport: transport, path: path)
    return (try? openFiles(place).completions(of: prefix)) ?? []
  }
}

/// Opens no store, where no name can be one of another store.
private func noOtherStore(_ store: OtherStoreReference.Store) throws(Failure) -> any ImageCatalog {
  throw Failure(.internalError, "", "no other store can be opened here")
}
