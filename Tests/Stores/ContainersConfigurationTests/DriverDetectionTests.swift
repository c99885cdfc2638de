import ContainersConfiguration
import Diagnostics
import POSIX
import Testing

struct DriverDetectionTests {
  @Test(
    arguments: [
      ([], nil), (["/g/overlay-images/images.json"], "overlay"), (["/g/vfs-images/images.json"], "vfs"),
      (["/g/overlay/", "/g/btrfs-images/images.json"], "btrfs"), (["/g/overlay-images/"], nil),
      (["/i/overlay-images/images.json"], "overlay"),
      (["/g/vfs-images/images.json", "/g/overlay-images/images.json"], "overlay"),
    ] as [([String], String?)]) func single(_ files: [String], _ driver: String?) throws
  {
    let machine = try Machine(Dictionary(uniqueKeysWithValues: files.map { ($0, "") }))
    let options = StorageOptions(root: "/g", imageStore: "/i")
    #expect(try machine.storage(options: options).detectedDriver() == driver)
  }

  @Test func several() throws {
    let machine = try Machine(["/g/zfs-images/images.json": "", "/g/overlay-images/images.json": ""])
    let text =
      "/g contains several valid graphdrivers: overlay, zfs; "
      + "Please cleanup or explicitly choose storage driver (-s <DRIVER>)"
    #expect(throws: Failure(.unavailable, "", text)) {
      try machine.storage(options: StorageOptions(root: "/g")).detectedDriver()
    }
  }
}
