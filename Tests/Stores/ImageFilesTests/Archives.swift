import Diagnostics
import Foundation
import ImageModel
import ImageRecord
import ImageSource
import StoreFixtures
import Testing

@testable import ImageFiles

/// The archives and directories of all kinds of writers that the tests read.
///
/// Made by docker 20.10 and 28.5 (`saved/s*.tar`), by other programs, and by hand in the forms in which writers
/// differ. Images: c1 has the layers l1, l2; c2 l1, l2, l3; c3 l1, l3; cd l1, l3, l3.
enum Archives {
  /// The folder with the archives; unpacked once.
  static let folder: TemporaryDirectory = {
    do {
      let folder = try TemporaryDirectory()
      let packed = try #require(Bundle.module.url(forResource: "Fixtures/archives.tar", withExtension: "xz"))
      let tar = Process()
      tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      tar.arguments = ["tar", "-xJf", packed.path, "-C", folder.path]
      try tar.run()
      tar.waitUntilExit()
      try #require(tar.terminationStatus == 0)
      return folder
    } catch {
      fatalError("the archives of the tests cannot be unpacked: \(error)")
    }
  }()

  /// A reference with its path in the folder: `oci-archive:o-one.tar` or `oci:o-one:v1`.
  static func text(_ reference: String) throws -> String {
    let colon = try #require(reference.firstIndex(of: ":"))
    return reference[...colon] + folder.path + "/" + reference[reference.index(after: colon)...]
  }

  /// The digests of layers and configs by their short names.
  static let digests = [
    "l1": "26b901e0f82c0b27c8a2e01d4253a3254dfe5569d4716a555300c09b531c1213",
    "l2": "7818bddefc2033e217eb38352b0fb53c23b759bae3438804f13f28ce3dbf21d6",
    "l3": "89372826e6e8a4595e8cd8d3c4244546494cd9a63d78091d7c64579555a5e9fa",
    "l4": "848e3a1d00c908877bba3ba4dae0e2dd2d3201a7607edf3dad61c8b7f085646c",
    "c1": "1f4dda29bd6b734023c9044724fa80012bbd9a557a8341327ab725969109bc84",
    "c2": "2efbb8a5fc9373e8d3044038f45310bb7916198fc1044f9fad88db08c7bc4edf",
    "c3": "67ba04385ffdee66adcf38ac61b6f8c31078f5edca5e0fa5eff4ba621255287b",
    "cd": "7beaa50dac843a38ea9f1d48e0f79b4ec947e042f9f7526f3ac9c783bab059dc",
    "ca": "ad371f51558076559c43574a240ebd99bb8bf59e31ba4fd83d62a201eff9f243",
  ]

  /// The sizes of the tars.
  static let sizes = ["l1": 20480, "l2": 10240, "l3": 10240, "l4": 10240]
  /// The layers of the images.
  static let layers = [
    "c1": ["l1", "l2"], "c2": ["l1", "l2", "l3"], "c3": ["l1", "l3"], "cd": ["l1", "l3", "l3"],
  ]

  static let amd64 = PlatformChoice(wanted: { [Platform(os: "linux", architecture: "amd64")] })

  /// The catalog of the place of a reference, with its absolute text.
  static func catalog(
    _ text: String, _ platforms: PlatformChoice = amd64, note: @escaping (String) -> Void = { _ in }
  ) throws -> ImageFileCatalog {
    let reference = try #require(try ImageFileReference(text))
    return try ImageFileCatalog(reference.place, platforms: platforms, acceptsStreams: false, note: note)
  }

  /// The record of an image.
  static func record(_ text: String, _ platforms: PlatformChoice = amd64) throws -> ImageRecord {
    try catalog(text, platforms).record(for: .name(text))
  }

  /// The records of all images of a place.
  static func all(_ text: String) throws -> [ImageRecord] {
    let catalog = try catalog(text)
    return try catalog.requests(for: nil).map { try catalog.record(for: $0) }
  }
}
