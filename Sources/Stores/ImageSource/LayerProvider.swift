import Diagnostics
import ImageRecord

/// Provides the layers of records of one kind of source; one conformer for each kind.
public protocol LayerProvider: Sendable {
  /// The value of `storage.kind` in records.
  static var kind: String { get }

  /// Prepares to read the source of a record; checks the whole description.
  init(_ storage: RecordStorage) throws(Failure)

  /// The content of a layer of a record; `image` names the image in messages.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `badData` for an invalid locator.
  func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent
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
