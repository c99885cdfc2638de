import Foundation
import StoreFixtures

/// Makes a containers-storage directory of known content: `make-sample-store [--golden | --many | --lists] [--vfs] DIR`.
///
/// Prints what podman 4.3.1 saves of the store: the archive's SHA-256, then the image names. With `--golden`,
/// makes the store of the golden archives; with `--many`, one of an image of 25 layers, and with
/// `--lists`, one of manifest lists, and prints nothing.
@main
struct MakeSampleStore {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let folders = arguments.filter { !$0.hasPrefix("--") }
    let options = Set(arguments.filter { $0.hasPrefix("--") })
    guard let folder = folders.first, folders.count == 1,
      options.isSubset(of: ["--golden", "--many", "--lists", "--vfs"])
    else {
      FileHandle.standardError.write(
        Data("usage: make-sample-store [--golden | --many | --lists] [--vfs] DIR\n".utf8))
      exit(64)
    }
    let driver: StoreBuilder.Driver = options.contains("--vfs") ? .vfs : .overlay
    if options.contains("--many") { return try ManyLayers.build(at: folder, driver: driver) }
    if options.contains("--lists") {
      try ListStore.build(at: folder, driver: driver)
      return
    }
    let isGolden = options.contains("--golden")
    if isGolden {
      try GoldenStore.build(at: folder, driver: driver)
    } else {
      try SampleStore.build(at: folder, driver: driver)
    }
    for archive in isGolden ? GoldenStore.archives : SampleStore.archives {
      print(archive.sha256, archive.images.joined(separator: " "), separator: "  ")
    }
  }
}
