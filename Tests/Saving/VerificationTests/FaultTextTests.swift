import Diagnostics
import Digests
import StoreFixtures
import Testing
import Verification

/// A fault names the image, the file and the layer, and it hides no other.
@Suite struct FaultTextTests {
  private let one = BuiltArchive.Image("localhost/a:1", layers: [[1], [2, 2], [3]])
  private let two = BuiltArchive.Image("localhost/b:1", layers: [[4]])

  private func texts(_ files: [BuiltArchive.File]) throws -> [String] {
    try verify(Archives.tar(files)).findings.faults.map(\.text)
  }

  private func hex(_ bytes: [UInt8]) -> String { SHA256.digest(of: bytes).hex }

  private func without(_ name: String, _ files: [BuiltArchive.File]) -> [BuiltArchive.File] {
    #expect(files.contains { $0.name == name }, "\(name)")
    return files.filter { $0.name != name }
  }

  private func changed(_ name: String, _ bytes: [UInt8], _ files: [BuiltArchive.File]) -> [BuiltArchive.File] {
    files.map { $0.name == name ? (name, bytes) : $0 }
  }

  @Test func whatIsBuiltIsIntact() throws {
    #expect(try texts(BuiltArchive.docker([one, two])) == [])
    #expect(try texts(BuiltArchive.oci([one, two])) == [])
    #expect(try texts(BuiltArchive.hybrid([one, two])) == [])
  }

  // MARK: - Layers

  @Test func aMissingOrChangedLayerHasItsNumber() throws {
    let docker = BuiltArchive.docker([one])
    let second = "\(hex([2, 2])).tar"
    #expect(try texts(without(second, docker)) == ["localhost/a:1: layer 2 \(second): missing"])
    #expect(
      try texts(changed(second, [9, 9], docker)) == [
        "localhost/a:1: layer 2 \(second): content is sha256:\(hex([9, 9])), not sha256:\(hex([2, 2]))"
      ])
    let oci = BuiltArchive.oci([one])
    let digest = "sha256:\(hex([2, 2]))"
    #expect(
      try texts(without(BuiltArchive.blob([2, 2]), oci)) == ["localhost/a:1: layer 2 \(digest): missing"])
    #expect(
      try texts(changed(BuiltArchive.blob([2, 2]), [2], oci)) == [
        "\(BuiltArchive.blob([2, 2])): content is sha256:\(hex([2]))",
        "localhost/a:1: layer 2 \(digest): has 1 bytes, not 2",
        "localhost/a:1: layer 2 \(digest): content is sha256:\(hex([2])), not \(digest)",
      ])
  }

  /// A compressed layer that is damaged is a fault of the layer, not of the archive around it.
  @Test func aDamagedCompressedLayerIsAFaultOfTheLayer() throws {
    let docker = BuiltArchive.docker([one, two])
    let name = "\(hex([2, 2])).tar"
    var blob = gzipped([2, 2])
    #expect(try texts(changed(name, blob, docker)) == [])
    // The checksum at its end.
    blob[blob.count - 5] ^= 1
    let verification = try verify(Archives.tar(changed(name, blob, docker)))
    #expect(verification.findings.faults.map(\.code) == [.diffID])
    #expect(verification.findings.faults[0].text.hasPrefix("localhost/a:1: layer 2 \(name): "))
    #expect(verification.findings.images.count == 2)
  }

  /// Only the layers below the first one that the receiver lacks may be missing.
  @Test func eachMissingLayerIsAFault() throws {
    let files = BuiltArchive.docker([one]).filter { !$0.name.hasSuffix(".tar") }
    for known in 0...3 {
      let verification = try verify(Archives.tar(files)) { $0.prefix = { _ in known } }
      #expect(
        verification.findings.faults.map(\.text)
          == zip(1...3, one.layers).dropFirst(known).map {
            "localhost/a:1: layer \($0) \(hex($1)).tar: missing"
          })
      #expect(verification.findings.images[0].layers.map(\.isAbsent) == (0..<3).map { $0 < known })
    }
    // Without a config, nobody knows which layers there are.
    let neither = try verify(Archives.tar(without("\(one.id.hex).json", files))) { $0.prefix = { _ in 3 } }
    #expect(neither.findings.faults.map(\.text).count == 4)
  }

  @Test func layersInAnotherOrderOrNumber() throws {
    func docker(_ layers: [[UInt8]]) throws -> [String] {
      let list = layers.map { "\"\(hex($0)).tar\"" }.joined(separator: ",")
      let files = BuiltArchive.docker(
        [one], items: #"{"Config":"\#(one.id.hex).json","RepoTags":["localhost/a:1"],"Layers":[\#(list)]}"#)
      return try texts(files)
    }
    let (a, b, c) = (one.layers[0], one.layers[1], one.layers[2])
    #expect(try docker([a, b, c]) == [])
    let moved = ["localhost/a:1: the layers are in another order than those of the config"]
    #expect(try docker([b, a, c]) == moved && docker([a, c, b]) == moved)
    let fewer = "localhost/a:1: 2 layers, but the config names 3"
    #expect(try docker([a, b]) == [fewer])
    #expect(try docker([a, c]).last == fewer && docker([a, c]).count == 2)
    #expect(try docker([a, b, c, a]) == ["localhost/a:1: 4 layers, but the config names 3"])
    // Not the same layers in another order.
    #expect(try docker([a, b, a]).count == 1)
    #expect(try docker([a, b, a])[0].hasPrefix("localhost/a:1: layer 3 "))
  }

  @Test func repeatedLayersKeepTheirPlaces() throws {
    let image = BuiltArchive.Image("localhost/a:1", layers: [[1], [1], [2]])
    #expect(try texts(BuiltArchive.docker([image])) == [])
    let list = ([[1], [2], [1]] as [[UInt8]]).map { "\"\(hex($0)).tar\"" }.joined(separator: ",")
    let item = #"{"Config":"\#(image.id.hex).json","RepoTags":["localhost/a:1"],"Layers":[\#(list)]}"#
    #expect(
      try texts(BuiltArchive.docker([image], items: item)) == [
        "localhost/a:1: the layers are in another order than those of the config"
      ])
  }

  // MARK: - Configs

  @Test(arguments: [
    (#"{"diff_ids":[]}"#, nil), (#"{"diff_ids":null}"#, nil), ("{}", nil), (#"{"type":"layers"}"#, nil),
    ("null", "a config without rootfs"), (#""x""#, "a config without rootfs"),
    ("[]", "a config without rootfs"),
    (#"{"diff_ids":"x"}"#, "rootfs.diff_ids is no list of sha256 digests"),
    (#"{"diff_ids":{}}"#, "rootfs.diff_ids is no list of sha256 digests"),
    (#"{"diff_ids":[1]}"#, "rootfs.diff_ids is no list of sha256 digests"),
    (#"{"diff_ids":["md5:1"]}"#, "rootfs.diff_ids is no list of sha256 digests"),
  ])
  func rootfsIsChecked(rootfs: String, reason: String?) throws {
    let image = BuiltArchive.Image("localhost/a:1", layers: [], rootfs: rootfs)
    #expect(
      try texts(BuiltArchive.docker([image, two]))
        == (reason.map { ["localhost/a:1: \(image.id.hex).json: \($0)"] } ?? []))
  }

  @Test(arguments: [
    ("[]", nil), ("[{},{}]", nil), (#"[{"empty_layer":true},{},{"empty_layer":false}]"#, nil), ("[{}]", 1),
    ("[{},{},{}]", 3), (#"[{"empty_layer":true}]"#, 0), ("null", nil),
  ])
  func theHistoryHasAsManyLayers(history: String, count: Int?) throws {
    let image = BuiltArchive.Image("localhost/a:1", layers: [[1], [2]], more: #","history":\#(history)"#)
    #expect(
      try texts(BuiltArchive.docker([image]))
        == (count.map {
          ["localhost/a:1: the history of the config has \($0) layers, but the config names 2"]
        } ?? []))
  }

  // MARK: - Names

  @Test func namesOfADockerArchive() throws {
    func verification(_ tags: String) throws -> Verification {
      let item = BuiltArchive.item(two, config: "\(two.id.hex).json") { "\($0.hex).tar" }
        .replacing(#"["localhost/b:1"]"#, with: tags)
      return try verify(Archives.tar(BuiltArchive.docker([two], items: item)))
    }
    for tags in ["[]", "null"] {
      #expect(try verification(tags).codes == [] && verification(tags).noteCodes == ["name"])
    }
    let digest = "sha256:" + String(repeating: "a", count: 64)
    let mixed = try verification(#"["x y:1","localhost/b","localhost/b:1@\#(digest)","b:1","localhost/b:1"]"#)
    #expect(
      mixed.findings.faults.map(\.reason)
        == ["x y:1", "localhost/b", "localhost/b:1@\(digest)"].map {
          "manifest.json: \"\($0)\" is not a name with a tag"
        })
    #expect(mixed.findings.images[0].tags == ["docker.io/library/b:1", "localhost/b:1"])
    for tags in ["{}", "[1]", #""b:1""#] {
      #expect(
        try verification(tags).findings.faults.map(\.text) == ["manifest.json: RepoTags is no list of texts"])
    }
  }

  @Test func aNameIsThatOfOneImage() throws {
    var other = two
    other.tags = ["localhost/x:1", "localhost/a:1"]
    #expect(
      try texts(BuiltArchive.docker([one, other])) == ["localhost/a:1: two images have this name"])
    #expect(try texts(BuiltArchive.oci([one, other])) == ["localhost/a:1: two images have this name"])
    var twice = one
    twice.tags = ["localhost/a:1", "localhost/a:1"]
    #expect(try texts(BuiltArchive.docker([twice])) == [])
  }

  @Test(arguments: [
    ("", "manifest.json: no images"), ("1", "manifest.json: not a list of images"),
    ("{}", "manifest.json: an image without a config"),
  ])
  func manifestJSONHasImages(items: String, text: String) throws {
    #expect(try texts(BuiltArchive.docker([one], items: items)) == [text])
  }

  // MARK: - Blobs and manifests

  @Test func everyBlobIsCheckedWhateverIsInFrontOfIt() throws {
    var files = BuiltArchive.oci([one])
    let name = BuiltArchive.blob([7])
    // Blobs come in the order of the archive.
    let names = [
      "blobs/sha256/short", "blobs/sha512/\(hex([1]))", "other", "blobs/x", "x/sha256/\(hex([1]))",
    ]
    files.insert(contentsOf: names.map { ($0, [1]) }, at: 0)
    files.append((name, [8]))
    #expect(
      try texts(files) == [
        "blobs/sha256/short: not the name of a sha256 digest",
        "blobs/sha512/\(hex([1])): not the name of a sha256 digest", "\(name): content is sha256:\(hex([8]))",
      ])
  }

  @Test(arguments: [(8, true), (9, false)])
  func listsInListsHaveALimit(depth: Int, isRead: Bool) throws {
    var entry = BuiltArchive.entry(BuiltArchive.manifest, one.manifest)
    var lists: [[UInt8]] = []
    for _ in 0..<depth {
      lists.append(BuiltArchive.list([entry]))
      entry = BuiltArchive.entry(BuiltArchive.index, lists[lists.count - 1], "localhost/a:1")
    }
    let verification = try verify(Archives.tar(BuiltArchive.oci([one], entries: [entry], more: lists)))
    #expect(
      verification.findings.faults.map(\.text)
        == (isRead ? [] : ["localhost/a:1: \(BuiltArchive.blob(lists[0])): too many lists in lists"]))
    #expect(verification.findings.images.count == (isRead ? 1 : 0))
  }

  /// The layers of attestations and of other artifacts may have any type, but must be there.
  @Test func artifactsAreChecked() throws {
    func manifest(_ config: String) -> [UInt8] {
      let layers = [[8], [9]].map { descriptor("application/vnd.in-toto+json", $0) }
      return Array(
        #"{"schemaVersion":2,"mediaType":"\#(BuiltArchive.manifest)","config":\#(descriptor(config, Array("{}".utf8))),"layers":[\#(layers.joined(separator: ","))]}"#
          .utf8)
    }
    let mark = #","annotations":{"vnd.docker.reference.type":"attestation-manifest"}"#
    let image = "application/vnd.oci.image.config.v1+json"
    for (config, mark, isArtifact) in [
      (image, mark, true), ("application/vnd.oci.empty.v1+json", "", true), (image, "", false),
      (image, #","annotations":{"other":"x"}"#, false),
    ] {
      let bytes = manifest(config)
      let entries = [
        BuiltArchive.entry(BuiltArchive.manifest, one.manifest, "localhost/a:1"),
        descriptor(BuiltArchive.manifest, bytes, mark),
      ]
      let files = BuiltArchive.oci([one], entries: entries, more: [bytes, Array("{}".utf8), [8], [9]])
      let verification = try verify(Archives.tar(files))
      #expect(verification.findings.isIntact == isArtifact, "\(config) \(mark)")
      #expect(verification.findings.images.count == (isArtifact ? 1 : 2))
      let missing = try texts(without(BuiltArchive.blob([9]), files))
      #expect(missing.contains { $0.hasSuffix("layer 2 sha256:\(hex([9])): missing") })
    }
  }

  @Test func anUnknownTypeHasTheNumberOfItsLayer() throws {
    let image = one
    let manifest = Array(
      String(decoding: image.manifest, as: UTF8.self).replacing(
        #"{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:\#(hex([3]))""#,
        with: #"{"mediaType":"application/x","digest":"sha256:\#(hex([3]))""#
      ).utf8)
    let files = BuiltArchive.oci(
      [image], entries: [BuiltArchive.entry(BuiltArchive.manifest, manifest, "localhost/a:1")], more: [manifest]
    )
    #expect(
      try texts(files) == ["localhost/a:1: layer 3 sha256:\(hex([3])): unknown media type application/x"])
  }

  // MARK: - Hybrids

  @Test func eachDifferenceBetweenBothPartsIsAFault() throws {
    let other = BuiltArchive.Image("localhost/c:1", layers: [[5]])
    let entries = [one, two].map { BuiltArchive.entry(BuiltArchive.manifest, $0.manifest, $0.tags[0]) }
    var renamed = two
    renamed.tags = ["localhost/x:1"]
    let names =
      "localhost/x:1: manifest.json has other names than index.json: localhost/x:1, not localhost/b:1"
    // One image is not in the index, one is there twice, and one has another name.
    let items = [other, one, one, renamed].map { BuiltArchive.item($0) }
    #expect(
      try texts(BuiltArchive.hybrid([one, two, other], items: items, entries: entries)) == [
        "localhost/c:1: manifest.json has an image that index.json lacks",
        "localhost/a:1: manifest.json has the image twice", names,
      ])
    // One of manifest.json has no config.
    let nothing = #"{"Config":"none.json","RepoTags":["localhost/n:1"],"Layers":[]}"#
    #expect(
      try texts(
        BuiltArchive.hybrid([one, two], items: [nothing, BuiltArchive.item(one), BuiltArchive.item(renamed)])
      ) == ["localhost/n:1: config none.json: missing", names])
    #expect(
      try texts(BuiltArchive.hybrid([one, two], items: [BuiltArchive.item(two)])) == [
        "localhost/a:1: index.json has an image that manifest.json lacks"
      ])
    #expect(
      try texts(
        BuiltArchive.hybrid(
          [one, two],
          items: [BuiltArchive.item(one).replacing(hex([3]), with: hex([4])), BuiltArchive.item(two)])
      ).contains("localhost/a:1: manifest.json lists other layers than index.json"))
    var without = two
    without.tags = []
    #expect(
      try texts(BuiltArchive.hybrid([one, two], items: [one, without].map { BuiltArchive.item($0) })) == [
        "\(BuiltArchive.blob(two.config)): manifest.json has other names than index.json: none, not localhost/b:1"
      ])
  }

  /// An image of a list need not have its name, but one of them must.
  @Test func eachNameOfAListIsInManifestJSON() throws {
    let lists = [one, two].map { image in
      BuiltArchive.list([BuiltArchive.entry(BuiltArchive.manifest, image.manifest)])
    }
    let entries = zip(lists, ["localhost/a:1", "localhost/b:1"]).map {
      BuiltArchive.entry(BuiltArchive.index, $0, $1)
    }
    func texts(_ images: [BuiltArchive.Image]) throws -> [String] {
      try self.texts(
        BuiltArchive.hybrid(
          [one, two], items: images.map { BuiltArchive.item($0) }, entries: entries, more: lists))
    }
    #expect(try texts([one, two]) == [])
    var unnamed = two
    unnamed.tags = []
    #expect(
      try texts([one, unnamed]) == [
        "localhost/b:1: manifest.json lacks the name of a list of index.json: localhost/b:1"
      ])
    // Whether a list is in manifest.json at all is another question.
    #expect(try texts([one]) == ["localhost/b:1: index.json has an image that manifest.json lacks"])
  }

  // MARK: - Old files

  @Test func foldersOfOldDockersAreChecked() throws {
    let (id, other) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
    func texts(_ files: [(String, String)]) throws -> [String] {
      // Folders of other names, and files in deeper ones, are not theirs.
      let strange = [("x/json", "[]"), ("a/b/c", "{")]
      let old = (strange + files).map { (name: $0.0, bytes: Array($0.1.utf8)) }
      return try self.texts(old + BuiltArchive.docker([one]))
    }
    #expect(try texts([("\(id)/json", #"{"id":"\#(id)","parent":""}"#), ("\(id)/VERSION", "1.0")]) == [])
    #expect(
      try texts([
        ("\(id)/json", #"{"id":"\#(id)","parent":"\#(other)"}"#), ("\(other)/json", #"{"id":"\#(other)"}"#),
      ])
        == [])
    #expect(
      try texts([("\(id)/json", #"{"id":"\#(id)","parent":"\#(other)"}"#)]) == [
        "\(other)/json: missing, the parent of \(id)/json"
      ])
    #expect(
      try texts([("\(id)/json", #"{"id":"\#(other)"}"#)]) == ["\(id)/json: the id is not that of the folder"])
    #expect(try texts([("\(id)/json", "{")]).map { $0.hasPrefix("\(id)/json: ") } == [true])
    #expect(
      try texts([("repositories", #"{"localhost/a":{"2":"x"}}"#)]) == [
        "repositories: lacks localhost/a:1, unlike manifest.json",
        "repositories: has localhost/a:2, unlike manifest.json",
      ])
  }

  // MARK: - Limits

  @Test(arguments: [(1000, 0), (1001, 1), (1500, 500)])
  func aThousandFaultsAreKept(count: Int, dropped: Int) {
    var findings = Findings()
    for number in 0..<count { findings.add(Fault(.layout, "\(number)")) }
    // The same faults again are no others.
    for number in 0..<10 { findings.add(Fault(.layout, "\(number)")) }
    #expect(findings.faults.count == count - dropped && findings.dropped == dropped)
  }

  @Test(arguments: [1000, 1001])
  func aThousandRemarksAreKept(count: Int) throws {
    let files = (0..<count).map { (name: "stray\($0)", bytes: [UInt8]()) } + BuiltArchive.docker([one])
    let verification = try verify(Archives.tar(files))
    #expect(verification.findings.notes.count == 1000 && verification.findings.isIntact)
  }
}
