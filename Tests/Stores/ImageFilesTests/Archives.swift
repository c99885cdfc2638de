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
  private static var folder: TemporaryDirectory { get throws { try unpacked.get() } }

  private static let unpacked = Result {
    let folder = try TemporaryDirectory()
    let packed = try #require(Bundle.module.url(forResource: "Fixtures/archives.tar", withExtension: "xz"))
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "-xJf", packed.path, "-C", folder.path]
    try tar.run()
    tar.waitUntilExit()
    try #require(tar.terminationStatus == 0)
    return folder
  }

  /// A reference with its path in the folder: `oci-archive:o-one.tar` or `oci:o-one:v1`.
  static func text(_ reference: String) throws -> String {
    let colon = try #require(reference.firstIndex(of: ":"))
    return try reference[...colon] + folder.path + "/" + reference[reference.index(after: colon)...]
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
    "base1": "fd45878f6ec62ec552868733fc162c50ca5391eab32eef5c5fff1ce4528598d3",
    "app1": "66c033595f8cbdf21b0f752cf0152e33b249a3170087252d641c988681d08f9b",
    "app2": "ce1804c00e9b3688bf91cb9d9b10321a9181c26e48182998caf87e8ab765f396",
    "other1": "ec913a124a3f0a1616b8ad9157bb8d38d4c85bcf3dde6147a46dee3dbbb93ee5",
    "70f41d9e": "70f41d9e71a4298b99f94f4170e0f8a46b26358ce0880ddef0b5c54291261d9c",
    "e0835614": "e08356142dada1670415dca8176f6abe43d6eaf54918da4bb556332f1801c0e1",
    "dfc78be6": "dfc78be69a22855a7058783b012265d1fb4c9320c9711e2222c303b6cd2d3e40",
    "d2ab164e": "d2ab164ea380e196a7fe3c88abda0a613c214e6f8fabdd8c9cd30d4b81e72f03",
    "c5efce7c": "c5efce7c405df75ac74de22f27312bb9070d13657a4c576c76fa9717552103e4",
    "8ddd86db": "8ddd86db86e342ba6655603510d0bc45db0ed960e8273b260ec0dd53947a9135",
  ]

  /// The sizes of the tars.
  static let sizes = [
    "l1": 20480, "l2": 10240, "l3": 10240, "l4": 10240, "70f41d9e": 2048, "e0835614": 3072, "dfc78be6": 2048,
    "d2ab164e": 2048, "c5efce7c": 2048, "8ddd86db": 2048,
  ]
  /// The layers of the images.
  static let layers = [
    "c1": ["l1", "l2"], "c2": ["l1", "l2", "l3"], "c3": ["l1", "l3"], "cd": ["l1", "l3", "l3"],
    "base1": ["70f41d9e", "e0835614"],
    "app1": ["70f41d9e", "e0835614", "dfc78be6", "d2ab164e"],
    "app2": ["70f41d9e", "e0835614", "dfc78be6", "c5efce7c"],
    "other1": ["8ddd86db"],
  ]

  private static let host = PlatformRequest(wanted: { [Platform(os: "linux", architecture: "amd64")] })
  static let amd64 = PlatformChoice(host)
  static let allPlatforms = PlatformChoice(lists: [], isAll: true, host: host)

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

extension ImageCatalog {
  /// The only record for a request.
  func record(for request: ImageRequest) throws(Failure) -> ImageRecord { try records(for: request)[0] }
}
