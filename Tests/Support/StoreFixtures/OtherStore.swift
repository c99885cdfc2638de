import Diagnostics
import Foundation
import JSON

/// The stores of Docker and containerd in `Tests/Support/OtherStores`.
///
/// Made by the daemons themselves, without owners, modes, devices and whiteouts, so that any user can unpack them.
public enum OtherStore: String, CaseIterable, Sendable {
  /// A data root of Docker 20.10 with the driver overlay2.
  case docker20 = "docker-20.10-overlay2"
  /// A data root of Docker 28.5 with the driver overlay2.
  case docker28 = "docker-28.5-overlay2"
  /// A data root of Docker 28.5 that keeps its images in containerd's store.
  case docker28WithContainerd = "docker-28.5-containerd"
  /// A root of containerd 1.6 with the namespaces default and k8s.io.
  case containerd = "containerd-1.6"

  /// Unpacks the store to a folder of its name in a directory; returns its path.
  public func unpacked(in directory: TemporaryDirectory) throws -> String {
    let archive = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../OtherStores/\(rawValue).tar.gz").standardizedFileURL.path
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar", "-xzf", archive, "-C", directory.path]
    try tar.run()
    tar.waitUntilExit()
    guard tar.terminationStatus == 0 else { throw Failure(.inputOutput, archive, "tar failed") }
    return directory.path + "/" + rawValue
  }
}

/// What the daemons said about ``OtherStore``: truth.json.
public func otherStoreTruth() throws -> JSONValue {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../OtherStores/truth.json")
  return try JSONValue(parsing: Array(try Data(contentsOf: file)))
}
