import Digests
import ImageModel

/// A store of odd images, and digests of podman 4.3.1's archives of them, so comparing needs no podman.
///
/// `Tests/Support/check-goldens.sh` compares the list with an installed podman.
public enum GoldenStore {
  /// The results of `podman save -q --format docker-archive`.
  public static let archives = [
    GoldenArchive(
      title: "no layers", images: ["localhost/golden/empty:1"],
      sha256: "b51827af0ba32c3a3f1142b7a2f51d2cbbd7db58939ec1decd818bfb9b15e613"),
    GoldenArchive(
      title: "one of two names", images: ["localhost/golden/plain:1"],
      sha256: "239038a1e494bb58de09ff6e7b45c18acf65dc7dcd569d2a5d1198d35fa6cf76"),
    GoldenArchive(
      title: "a name of docker.io", images: ["docker.io/library/plain:2"],
      sha256: "85cf048d4504f092cff35834975290a5c4a66d717d1b62b92cabc2048bcb6a5e"),
    GoldenArchive(
      title: "Docker's media types", images: ["localhost/golden/docker:1"],
      sha256: "4ff38913595d41247769598761068e1e9430af1f20390518eeb31105904a7733"),
    GoldenArchive(
      title: "one layer three times", images: ["localhost/golden/repeated:1"],
      sha256: "1c2fcd13436163d65b1c551ca2a59bb8b3c2a8990a167a6df2c6d884c10bf408"),
    GoldenArchive(
      title: "config bytes that no encoder would write", images: ["localhost/golden/config:1"],
      sha256: "322617a60c09ea104db47d378764361cb5d9d63d9843bb00097dc5b55842a565"),
    GoldenArchive(
      title: "odd tar members and whiteouts", images: ["localhost/golden/members:1"],
      sha256: "40945a2bff1e6b1024cb513989306e3b2ec75af2b23097e96769a81340190305"),
    GoldenArchive(
      title: "odd ends of tars", images: ["localhost/golden/ends:1"],
      sha256: "b5406e1034a06bded90da7029ad5fe4db7610278ff6c7be98ec180c96826f53c"),
    GoldenArchive(
      title: "null in the config", images: ["localhost/golden/null:1"],
      sha256: "15c4b071c2d7d2c4a7fa2255660fc67ec77df55aa14dd873973d3c374cbc15e1"),
    GoldenArchive(
      title: "compressed layers in the manifest", images: ["localhost/golden/pulled:1"],
      sha256: "11b68a147c0dacc3e83ff8d9d3d38e2d40bf75abcaf01354a13e2c023e84655e"),
    GoldenArchive(
      title: "several images, one under two names, one without layers",
      images: [
        "localhost/golden/repeated:1", "docker.io/library/plain:2", "localhost/golden/plain:1",
        "localhost/golden/empty:1",
      ],
      sha256: "b52a9c9de09594613c0869d8b9ea323efedd3c4a4d5f35a3da36570b220dccbb"),
  ]

  /// Builds the store in a directory.
  @discardableResult
  public static func build(at root: String, driver: StoreBuilder.Driver = .overlay) throws -> StoreBuilder {
    var store = try StoreBuilder(root: root, driver: driver)
    let one = small("one")
    let two = small("two")
    try store.addImage("localhost/golden/empty:1", layers: [])
    try store.addImage(
      "localhost/golden/plain:1", "docker.io/library/plain:2", layers: [one, two])
    try store.addImage(
      "localhost/golden/docker:1", layers: [one], format: .docker,
      config: makeConfig(layers: [one], changes: ["docker_version": quoted("20.10.5")]))
    try store.addImage("localhost/golden/repeated:1", layers: [one, one, two, one])
    try store.addImage("localhost/golden/config:1", layers: [two], config: oddConfig(over: two))
    try store.addImage("localhost/golden/members:1", layers: [oddMembers, whiteouts])
    try store.addImage("localhost/golden/ends:1", layers: abruptEnds)
    try store.addImage(
      "localhost/golden/null:1", layers: [one],
      config: makeConfig(layers: [one], changes: ["container": "null", "container_config": "{}"]))
    let pulled = makeConfig(layers: [two, one], changes: ["author": quoted("registry")])
    try store.addImage(
      "localhost/golden/pulled:1", layers: [two, one], format: .docker, config: pulled,
      manifest: pulledManifest(config: pulled))
    try store.write()
    return store
  }

  private static func small(_ word: String) -> LayerTar {
    var tar = TarBuilder()
    tar.directory("dir/")
    tar.file("dir/\(word)", "\(word)\n")
    return tar.finish()
  }

  /// A manifest as in a registry: it lists compressed layers, which no store keeps.
  private static func pulledManifest(config: [UInt8]) -> [UInt8] {
    let layers = ["one", "two"].map { word in
      let digest = SHA256.digest(of: Array("compressed \(word)".utf8))
      return #"{"mediaType":"\#(MediaType.dockerLayerGzip)","size":123,"digest":"\#(digest)"}"#
    }
    return makeManifest(
      config: config, layers: [], format: .docker,
      changes: ["layers": "[\n  " + layers.joined(separator: ",\n  ") + "\n]"])
  }

  /// A config whose exact bytes must survive, in the config file and in the legacy `json` files.
  private static func oddConfig(over layer: LayerTar) -> [UInt8] {
    let head = """
      {  "architecture" : "amd64",
      \t"os":"windows", "os" : "linux",
        "created":"2024-02-29T12:34:56.120+00:00",
        "config" : { "Labels" : { "a" : "<b>&\u{2028}\u{2029}" , "n" : "1" , "n" : "2", "bytes" : "
      """
    let tail = """
      " } , "Cmd":["\\u003ckept\\/\\u0041"] },
        "container_config":{"number": [1.50e+2, -0.0, 1E400 ],"Cmd":null , "Cmd" : [ ] },
        "unknown":{ "x" : [ 1, 2 ] },
        "rootfs":{"type":"layers","diff_ids":["\(layer.diffID)"]}
      }

      """
    return Array(head.utf8) + [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80] + Array(tail.utf8)
  }
}
