import Diagnostics
import ImageRecord

/// Provides the layers of records of one kind of source; one conformer for each kind.
public protocol LayerProvider: Sendable {
  /// The value of `storage.kind` in records.
  static var kind: String { get }

  /// Prepares to read the source that a record names; checks everything in the description.
  init(_ storage: RecordStorage) throws(Failure)

  /// The content of a layer of a record; `image` is what messages call the image.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `badData` for a locator that is none.
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
