import ContainersStorage
import Diagnostics
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource
import POSIX

/// Makes records of a store's images from names.
public final class Resolver {
  private let location: StoreLocation
  private let options: LookupOptions
  private let patience: LockPatience
  private let onWait: @Sendable (Path) -> Void
  private var snapshot: StoreSnapshot
  private var builders: [StoreLocation: RecordBuilder] = [:]
  private var readingsLeft = 8
  /// The images that have the names of lists, by the IDs of the images of these lists.
  var listOwners: [String: ImageEntry] = [:]

  /// Reads the metadata of a store; calls `onWait` before it waits for a writer that holds a lock file.
  ///
  /// `patience` limits the waits of all readings.
  public init(
    _ location: StoreLocation, options: LookupOptions, patience: LockPatience = LockPatience(),
    onWait: @escaping @Sendable (Path) -> Void
  ) throws(Failure) {
    self.location = location
    self.options = options
    self.patience = patience
    self.onWait = onWait
    snapshot = try StoreSnapshot(of: location, patience: patience, onWait: onWait)
  }

  /// The records of all images of the store.
  public var images: [ImageEntry] { snapshot.images }

  /// The record of the image for an input, or those of the images of its list.
  ///
  /// If something is missing, reads the metadata again while writers change it: a write may be in progress.
  ///
  /// - Throws: A ``Failure``; of the kind `tryAgain` if writers do not finish.
  public func records(for input: String) throws(Failure) -> [ImageRecord] {
    var isSettled = readingsLeft == 0
    while true {
      do {
        return try find(input)
      } catch  where error.kind == .notFound || error.kind == .badData {
        if isSettled { throw error }
        guard readingsLeft > 0 else {
          throw Failure(.tryAgain, input, "the store is being changed (\(error.reason))")
        }
        readingsLeft -= 1
        let fresh = try StoreSnapshot(of: location, patience: patience, onWait: onWait)
        isSettled = fresh.isUnchanged(since: snapshot)
        // Unchanged metadata: try once more, because an image's own files, which have no lock, may have been
        // incomplete.
        builders = [:]
        snapshot = fresh
      }
    }
  }

  private func find(_ input: String) throws(Failure) -> [ImageRecord] {
    if input.isEmpty { throw Failure(.usage, "", "the name is empty; is the variable set?") }
    let found: FoundImage
    do {
      found = try lookUpImage(input, in: snapshot, options: options)
    } catch {
      if error.kind == .usage, input.hasPrefix("docker://") {
        throw Failure(.usage, input, "not in the local store; give the name without docker://")
      }
      throw try UnknownImage(input: input, snapshot: snapshot, options: options).explaining(error)
    }
    let location = found.store.location
    let builder: RecordBuilder
    if let known = builders[location] {
      builder = known
    } else {
      builder = try RecordBuilder(of: found.store)
      builders[location] = builder
    }
    if let choice = options.lists {
      let lists = ListRecords(snapshot: found.store, builder: builder, choice: choice)
      if let records = try lists.records(of: found, input: input) {
        for record in records { listOwners[record.id] = found.image }
        return records
      }
    }
    let record = try builder.record(of: found, input: input)
    if let choice = options.lists, let config = record.config,
      let platform = ConfigFacts(config: config.bytes).platform, !choice.accepts(platform)
    {
      throw Failure(
        .notFound, input, "image not known for this platform (\(input) is for \(platform))")
    }
    return [record]
  }
}
