import Diagnostics
import ImageArchive
import ImageRecord

/// What a save would do: the option `--dry-run`.
public struct SavePlan: Sendable {
  let selection: SaveSelection
  let options: SaveOptions
  let archive: ArchivePlan
  /// What the save would fail with, the first failure first; empty for a save that can start.
  public let refusals: [Failure]

  /// Plans a save; nothing is written, and no layer is read.
  ///
  /// - Throws: A ``Failure`` for images that the format cannot hold.
  public init(_ selection: SaveSelection, _ options: SaveOptions) throws(Failure) {
    var images: [ArchiveImage] = []
    for record in selection.records { images.append(try record.archiveImage(for: options.format)) }
    self.selection = selection
    self.options = options
    let (target, compression) = (options.target, options.compression)
    archive =
      switch options.format {
      case .dockerArchive: try DockerArchive.plan(images)
      case .ociArchive: try OCIArchive.plan(images[0], compression: compression, to: target)
      case .ociDirectory: try OCIDirectory.plan(images[0], compression: compression, to: target)
      case .dockerDirectory: try DockerDirectory.plan(images[0], compression: compression)
      }
    var refusals: [Failure] = []
    do throws(Failure) { try target.check(as: options.format.targetKind) } catch { refusals.append(error) }
    for image in images {
      do throws(Failure) { try image.checkLayers() } catch { refusals.append(error) }
    }
    do throws(Failure) { try selection.refuseUnreadableLayers() } catch { refusals.append(error) }
    self.refusals = refusals
  }
}

extension SaveFormat {
  fileprivate var targetKind: TargetKind {
    switch self {
    case .dockerArchive, .ociArchive: .file
    case .ociDirectory: .layout
    case .dockerDirectory: .directory
    }
  }
}
