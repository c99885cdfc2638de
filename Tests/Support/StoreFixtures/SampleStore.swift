/// The small store that `make demo` shows: one image of three layers under two names, about 1 MB.
public enum SampleStore {
  /// The names of the image.
  public static let names = ["docker.io/library/sample:latest", "localhost/sample:1.0"]

  /// The results of `podman save -q`; the first one is also in `Tests/Support/sample-archive.sha256`.
  public static let archives = [
    GoldenArchive(
      title: "sample", images: ["localhost/sample:1.0"],
      sha256: "3be9dd93433b994f632a4c0495fe17c6809c1623948d60aadae8ef79954abd1f"),
    GoldenArchive(
      title: "sample of docker.io", images: ["docker.io/library/sample:latest"],
      sha256: "72889de1cc462778645fbc471601e9c52fa8a2844affd6a4c8f701e679d5012d"),
  ]

  /// Builds the store in a directory; all but the compressed tar-split has the same bytes on every machine.
  @discardableResult
  public static func build(at root: String, driver: StoreBuilder.Driver = .overlay) throws -> StoreBuilder {
    var store = try StoreBuilder(root: root, driver: driver)
    let layers = [base, program, settings]
    let config = makeConfig(
      layers: layers,
      changes: [
        "author": quoted("img"),
        "config": #"{"Env":["PATH=/usr/bin:/bin"],"Cmd":["/usr/bin/hello"],"WorkingDir":"/srv","#
          + #""Labels":{"org.opencontainers.image.title":"sample"}}"#,
      ])
    let manifest = makeManifest(config: config, layers: layers, format: .oci)
    let top = try store.addLayers(layers)
    try store.addImage(config: config, manifest: manifest, names: names, topLayer: top)
    try store.write()
    return store
  }

  /// A tree like a distribution's: directories, links, text and a large file.
  static var base: LayerTar {
    var tar = TarBuilder()
    for folder in ["etc/", "usr/", "usr/bin/", "usr/lib/", "var/", "var/cache/"] { tar.directory(folder) }
    tar.symlink("bin", to: "usr/bin")
    tar.file("etc/os-release", "ID=sample\nNAME=\"Sample Linux\"\nVERSION_ID=1\n")
    tar.file("etc/motd", "Welcome.\n")
    tar.file("usr/lib/libsample.so.1.0", deterministicBytes(600_000, seed: 1), mode: 0o755)
    tar.symlink("usr/lib/libsample.so.1", to: "libsample.so.1.0")
    tar.file("var/cache/index", String(repeating: "an index entry that compresses well\n", count: 6000))
    return tar.finish()
  }

  /// A program with a hard link; removes the cache and a file of the base.
  static var program: LayerTar {
    var tar = TarBuilder()
    tar.directory("usr/bin/")
    tar.file("usr/bin/hello", deterministicBytes(200_001, seed: 2), mode: 0o755)
    tar.hardLink("usr/bin/hello-1.0", to: "usr/bin/hello")
    tar.whiteout("etc/motd")
    tar.directory("var/cache/")
    tar.opaque("var/cache")
    return tar.finish()
  }

  /// A few small files.
  static var settings: LayerTar {
    var tar = TarBuilder()
    tar.directory("srv/")
    tar.file("srv/hello.conf", "greeting = Grüß Gott\n")
    tar.file("srv/empty", "")
    return tar.finish()
  }
}
