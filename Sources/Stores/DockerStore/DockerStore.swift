import Diagnostics
import Digests
import ImageRecord
import ImageSource
import POSIX

/// The layers of records from a store of Docker.
///
/// `storage` holds `root` and `driver`. Each layer's locator holds `layer`, the chain ID of the layer.
public struct DockerStore: LayerProvider {
  /// `docker`.
  public static let kind = "docker"

  private let location: DockerLocation

  /// Checks the description of a store; nothing is read.
  public init(_ storage: RecordStorage) throws(Failure) {
    location = DockerLocation(
      root: Path(try storage.members.string("root")),
      driver: try DockerDriver(named: storage.members.string("driver")))
  }

  /// The root of the store, and the folder of the driver, which the daemon may mount on itself.
  public static func places(of record: ImageRecord) throws(Failure) -> [Path] {
    let root = Path(try record.storage.members.string("root"))
    return [root, root.appending(try record.storage.members.string("driver"))]
  }

  /// The tar of a layer in the store.
  ///
  /// - Throws: A ``Diagnostics/Failure``; of the kind `unavailable` if the store is gone, `tryAgain` if the layer is.
  public func content(of layer: RecordLayer, image: String) throws(Failure) -> LayerContent {
    let text = try layer.locator.string("layer")
    guard let chainID = Digest(hex: text) else {
      throw Failure(.badData, image, "invalid layer ID \"\(text)\"")
    }
    do throws(Failure) {
      try location.check()
      return .assembled(try DockerLayer(chainID, in: location, of: image))
    } catch {
      throw error.within(image)
    }
  }
}

extension DockerLocation {
  /// Refuses a data root that is missing or has no images of the driver.
  func check() throws(Failure) {
    do {
      if try configs.isPresent() { return }
    } catch {
      throw error.dockerFailure(at: configs)
    }
    throw Failure(.unavailable, root.description, "no store of Docker with the driver \(driver.rawValue)")
  }
}
