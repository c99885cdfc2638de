import Diagnostics
import ImageRecord
import POSIX

/// Provides the layers of records of one kind of source; one conformer for each kind.
public protocol LayerProvider: Sendable {
  /// The value of `storage.kind` in records.
  static var kind: String { get }

  /// Prepares to read the source of a record; checks the whole description.
  init(_ storage: RecordStorage) throws(Failure)

  /// The directories and files below which the layers of a record are read.
  static func places(of record: ImageRecord) throws(Failure) -> [Path]

  /// The content of a layer of a record; `image` names the image in messages.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `badData` for an invalid locator.
  func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent
}

extension LayerProvider {
  /// The `root` or the `path` of the source.
  public static func places(of record: ImageRecord) throws(Failure) -> [Path] {
    let members = record.storage.members
    return try [members.optionalString("root"), members.optionalString("path")].compactMap(\.self).map {
      Path($0)
    }
  }
}

extension [ImageRecord] {
  /// The directories and files below which the layers are read.
  public func places(of providers: [any LayerProvider.Type]) throws(Failure) -> [Path] {
    var places: Set<Path> = []
    for record in self {
      guard let type = providers.first(where: { $0.kind == record.storage.kind }) else { continue }
      places.formUnion(try type.places(of: record))
    }
    return [Path](places)
  }
}

extension ImageRecord {
  /// The layers of the record with their contents, from the provider of its kind.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `unavailable` if none of the providers is of that kind.
  public func sourceLayers(from providers: [any LayerProvider.Type]) throws(Failure) -> [SourceLayer] {
    guard let type = providers.first(where: { $0.kind == storage.kind }) else {
      throw Failure(.unavailable, title, "images of the kind \"\(storage.kind)\" are not supported")
    }
    let provider = try type.init(storage)
    return try layers.map { layer throws(Failure) in
      let content = layer.isAbsent ? .absent : try provider.content(of: layer, image: title)
      return SourceLayer(layer.layer, content)
    }
  }
}
