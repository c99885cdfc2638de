import ContainersConfiguration
import Diagnostics
import POSIX
import Testing

/// Configurations that do not determine a store.
struct StorageFailureTests {
  static let etc = "/etc/containers/storage.conf"

  @Test(arguments: [
    ("[storage]\ngraphroot=5\n", "storage.graphroot: a string is expected, not an integer"),
    ("[storage]\ngraphroot=1.5\n", "storage.graphroot: a string is expected, not a floating-point number"),
    ("[storage]\ndriver=1979-05-27\n", "storage.driver: a string is expected, not a date or time"),
    ("storage=1\n", "storage: a table is expected, not an integer"),
    ("[[storage]]\ndriver='vfs'\n", "storage: a table is expected, not an array"),
    (
      "[storage.options]\nadditionalimagestores='/x'\n",
      "storage.options.additionalimagestores: an array is expected, not a string"
    ),
    (
      "[storage.options]\nadditionalimagestores=[true]\n",
      "additionalimagestores: a string is expected, not a boolean"
    ),
    ("[storage.options]\nadditionalimagestores=[{x=1}]\n", "additionalimagestores: unsupported attribute"),
    ("[storage]\ngraphroot='rel'\n", "graphroot is not an absolute path: rel"),
    ("[storage]\n#\u{0}\n", "NUL byte in the file"),
  ]) func content(_ text: String, _ reason: String) throws {
    let machine = try Machine([Self.etc: text])
    #expect(throws: Failure(.unavailable, Self.etc, reason)) { try machine.storage() }
  }

  @Test func syntax() throws {
    let machine = try Machine([Self.etc: "[storage]\ndriver='vfs'\n[storage\n"])
    let failure = try #require(throws: Failure.self) { try machine.storage() }
    #expect(failure.kind == .unavailable)
    #expect(failure.subject == Self.etc)
    #expect(failure.reason.hasPrefix("line 3: "))
  }

  /// At most one mebibyte.
  @Test(arguments: [0, 1]) func length(more: Int) throws {
    let machine = try Machine([Self.etc: String(repeating: "#", count: (1 << 20) + more)])
    #expect(((try? machine.storage()) != nil) == (more == 0))
  }

  @Test(arguments: [
    (
      ["CONTAINERS_STORAGE_CONF": "/none"], "/none",
      "No such file or directory (named by $CONTAINERS_STORAGE_CONF)"
    ),
    (["CONTAINERS_STORAGE_CONF": ""], "$CONTAINERS_STORAGE_CONF", "set, but empty; unset it or name a file"),
    (
      ["CONTAINERS_STORAGE_CONF_OVERRIDE": "/none"], "/none",
      "No such file or directory (named by $CONTAINERS_STORAGE_CONF_OVERRIDE)"
    ),
    (["CONTAINERS_STORAGE_CONF": "/dir"], "/dir", "not a regular file"),
    (["STORAGE_OPTS": "novalue"], "$STORAGE_OPTS", "unable to parse key/value option: novalue"),
    (
      ["STORAGE_OPTS": "overlay.imagestore=/none"], "/none",
      "additional image store does not exist (from $STORAGE_OPTS)"
    ),
    (
      ["STORAGE_OPTS": "overlay.imagestore=rel"], "rel",
      "additional image store is not an absolute path (from $STORAGE_OPTS)"
    ),
    (
      ["STORAGE_OPTS": "imagestore=/file"], "/file",
      "additional image store is not a directory (from $STORAGE_OPTS)"
    ),
    (
      ["STORAGE_OPTS": "additionallayerstore=/file:ref"], "/file",
      "additional layer store is not a directory (from $STORAGE_OPTS)"
    ),
  ]) func environment(_ environment: [String: String], _ subject: String, _ reason: String) throws {
    let machine = try Machine(["/file": "", "/dir/": ""])
    #expect(throws: Failure(.unavailable, subject, reason)) { try machine.storage(environment) }
  }

  @Test func driverOptionsThatNameStores() throws {
    let machine = try Machine(["/a/": "", "/b:c/": "", "/l/": ""])
    let options = [
      "overlay.mountopt=nodev", "Overlay2.ImageStore=/a", ".additionalimagestore=/b:c/",
      "additionallayerstore=/l:ref",
    ]
    let found = try machine.storage(options: StorageOptions(driverOptions: options))
    #expect(found.additionalImageStores == Setting(["/a", "/b:c"], from: .option("--storage-opt")))
    #expect(found.additionalLayerStores.value == ["/l"])
    let missing = try machine.storage(["STORAGE_DRIVER": "vfs", "STORAGE_OPTS": "vfs.imagestore=/none"])
    #expect(missing.additionalImageStores.value == ["/none"], "podman: vfs makes it an empty store")
  }
}
