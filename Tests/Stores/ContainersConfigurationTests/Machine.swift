import ContainersConfiguration
import Foundation
import Glibc
import POSIX
import StoreFixtures
import Testing

/// A directory that replaces the root of a machine's file system; removed with its owner.
final class Machine {
  let root: String
  private let folder: TemporaryDirectory

  /// Makes a tree of files; a name that ends in a slash is an empty directory.
  init(_ files: [String: String] = [:]) throws {
    folder = try TemporaryDirectory()
    root = URL(filePath: folder.path).resolvingSymlinksInPath().path
    for (name, text) in files { try write(name, text) }
  }

  func write(_ name: String, _ text: String) throws {
    try write(name, Data(text.utf8))
  }

  func write(_ name: String, _ bytes: Data) throws {
    let url = URL(filePath: root + name)
    if name.hasSuffix("/") {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      return
    }
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try folder.write(Array(bytes), to: String(name.dropFirst()))
  }

  /// Makes a symbolic link; an absolute target is relative to the root of the machine.
  func link(_ name: String, to target: String) throws {
    let parent = URL(filePath: root + name).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    let target = target.hasPrefix("/") ? root + target : target
    try FileManager.default.createSymbolicLink(atPath: root + name, withDestinationPath: target)
  }

  /// Makes a FIFO, with a writer unless the text is nil.
  func fifo(_ name: String, _ text: String?) throws {
    let path = root + name
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try #require(mkfifo(path, 0o600) == 0)
    guard let text else { return }
    Thread {
      guard let file = try? FileDescriptor.open(Path(path), O_WRONLY) else { return }
      Array(text.utf8).withUnsafeBytes { bytes in try? file.write(bytes, path) }
    }.start()
  }

  /// Makes a link to a device of the real machine.
  func linkToDevice(_ name: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(root)/dev/\(name)", withDestinationPath: "/dev/\(name)")
  }

  /// The environment of tests: a home directory, and the changes.
  static func environment(_ changes: [String: String] = [:]) -> [String: String] {
    ["HOME": "/home/me"].merging(changes) { $1 }
  }

  func storage(
    user: UInt32 = 0, _ environment: [String: String] = [:], options: StorageOptions = StorageOptions()
  ) throws -> StorageConfiguration {
    try StorageConfiguration.discover(
      options: options, environment: Self.environment(environment), userID: user, fileSystemRoot: Path(root))
  }

  func registries(user: UInt32 = 0, _ environment: [String: String] = [:]) throws -> RegistriesConfiguration {
    try RegistriesConfiguration.load(
      environment: Self.environment(environment), userID: user, fileSystemRoot: Path(root))
  }
}
