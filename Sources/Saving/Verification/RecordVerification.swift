import Diagnostics
import Digests
import ImageModel
import ImageRecord
import ImageSource
import LayerPipeline

/// Reads the layers of images in their source, and compares digests and sizes.
public struct RecordVerification: Sendable {
  /// What was found.
  public private(set) var findings = Findings()

  /// A layer of a record with its source.
  private struct Work {
    let record: ImageRecord
    let number: Int
    let layer: SourceLayer
  }

  /// Verifies the images of records; manifests and configs were checked when the records were read.
  ///
  /// - Parameters:
  ///   - records: The images.
  ///   - providers: The kinds of sources of layers.
  ///   - threads: The number of threads that read and hash.
  /// - Throws: A ``Diagnostics/Failure`` if a source cannot be read; damage is no failure.
  public init(
    _ records: [ImageRecord], providers: [any LayerProvider.Type], threads: Int
  ) throws(Failure) {
    var work: [Work] = []
    var known: Set<String> = []
    for record in records {
      findings.images.append(VerifiedImage(record))
      let layers = try faults(of: record) { () throws(Failure) in
        try record.refuseOtherLayers()
        return try record.sourceLayers(from: providers)
      }
      // Images share layers: each is read once.
      for (index, layer) in (layers ?? []).enumerated()
      where known.insert("\(layer.layer.diffID) \(record.storage.members)").inserted {
        work.append(Work(record: record, number: index + 1, layer: layer))
        if let blob = layer.blob { work.append(Work(record: record, number: index + 1, layer: blob)) }
      }
    }
    try check(work.filter { !$0.layer.isAbsent }, LayerPipeline(nil, threads: threads))
  }

  /// Reads layers, two at a time; after a failure, reads those that are left one by one, to find all faults.
  private mutating func check(_ work: [Work], _ pipeline: LayerPipeline) throws(Failure) {
    let finished = FinishedLayers()
    do throws(Failure) {
      return try pipeline.run(work.map(\.layer), inOrder: false, to: finished)
    } catch {
      guard error.kind == .badData else { throw error }
    }
    for (index, item) in work.enumerated() where !finished.numbers.contains(index) {
      let title = "layer \(item.number) \(item.layer.layer.diffID)"
      _ = try faults(of: item.record, title) { () throws(Failure) in
        try pipeline.run([item.layer], inOrder: true, to: FinishedLayers())
      }
    }
  }

  /// Runs a check; damage becomes a fault, and any other failure is thrown.
  private mutating func faults<Value>(
    of record: ImageRecord, _ layer: String? = nil, _ check: () throws(Failure) -> Value
  ) throws(Failure) -> Value? {
    do throws(Failure) {
      return try check()
    } catch {
      guard error.kind == .badData else { throw error }
      let subject = [layer, error.subject == record.title ? nil : error.subject].compactMap(\.self)
      let reason = (subject.filter { !$0.isEmpty } + [error.reason]).joined(separator: ": ")
      findings.add(Fault(layer == nil ? .order : .diffID, image: record.title, reason))
      return nil
    }
  }
}

/// Takes layers, and keeps only the numbers of those that were right.
private final class FinishedLayers: LayerWriter {
  private(set) var numbers: Set<Int> = []

  func begin(_ number: Int) throws(Failure) {}
  func take(_ chunk: Chunk, of number: Int) throws(Failure) {}
  func end(_ number: Int, size: UInt64) throws(Failure) { numbers.insert(number) }
}

extension SourceLayer {
  /// The compressed blob of the layer as a layer of its own, whose bytes are those of the blob; nil if it has none.
  fileprivate var blob: SourceLayer? {
    guard let blob = layer.blob, blob.digest != layer.diffID, case .blob(let source) = content else {
      return nil
    }
    return SourceLayer(Layer(diffID: blob.digest, size: blob.size), .assembled(source))
  }
}

extension VerifiedImage {
  fileprivate init(_ record: ImageRecord) {
    self.init(
      tags: record.tags, config: Digest(hex: record.id),
      manifest: BlobDescriptor(
        mediaType: record.manifest.mediaType, digest: record.manifest.digest,
        size: UInt64(record.manifest.bytes.count)
      ), entry: .oci)
    layers = record.layers.map { layer in
      VerifiedLayer(
        mediaType: layer.mediaType, digest: layer.layer.blob?.digest ?? layer.layer.diffID,
        size: layer.layer.blob?.size ?? layer.layer.size, diffID: layer.layer.diffID, isAbsent: layer.isAbsent)
    }
  }
}
