import Diagnostics
import Digests
import POSIX
import StoreFixtures
import TarSplit
import Testing

@testable import ContainersStorage

/// Layers whose directory holds objects, with a table of contents that maps files to objects.
@Suite struct ComposefsTests {
  let folder: TemporaryDirectory
  let store: StoreBuilder
  let tar: LayerTar
  let id: StorageID

  init() throws {
    folder = try TemporaryDirectory()
    var builder = TarBuilder()
    builder.directory("./")
    builder.file("./d/one", "one\n")
    builder.file("d//two", "two\n")
    builder.file("d/same", "one\n")
    builder.file("d/empty", "")
    builder.hardLink("d/link", to: "d/one")
    builder.file("d/e\u{301}", "decomposed\n")
    builder.file("d/\u{e9}", "composed\n")
    tar = builder.finish()
    var store = try StoreBuilder(root: folder.path)
    let name = try store.addLayer(tar)
    try store.makeComposefs(layer: name, of: tar)
    try store.write()
    self.store = store
    id = try store.layerID(0)
  }

  private func read() throws(Failure) -> [UInt8] { try readLayer(id, in: store.location) }

  /// Replaces the table of contents of the layer.
  private func write(table: String) throws { try store.writeTableOfContents(table, layer: "\(id)") }

  private func entries(_ changes: (inout [String]) -> Void = { _ in }) -> String {
    var entries = tar.members.filter { !$0.content.isEmpty }.map { member in
      let name = quoted(String(decoding: member.name, as: UTF8.self))
      return #"{"type":"reg","name":\#(name),"digest":"\#(SHA256.digest(of: member.content))"}"#
    }
    changes(&entries)
    return entries.joined(separator: ",")
  }

  @Test func filesAreFoundByTheirDigests() throws {
    #expect(try read() == tar.bytes)
    #expect(try StoredLayer(id, in: store.location).damagedFiles() == [])
  }

  @Test func everySampleLayerCanBeStoredThisWay() throws {
    var store = try StoreBuilder(root: folder.at("sample"))
    var layers: [LayerTar] = []
    for number in 1...3 {
      var builder = TarBuilder()
      builder.file("file\(number)", deterministicBytes(100_000 * number, seed: UInt64(number)))
      layers.append(builder.finish())
    }
    try store.addLayers(layers)
    try store.write()
    for (index, tar) in layers.enumerated() {
      try store.makeComposefs(layer: "\(store.layerID(index))", of: tar)
      #expect(try readLayer(store.layerID(index), in: store.location) == tar.bytes)
    }
  }

  @Test(arguments: [
    #"{"version":1,"entries":[ENTRIES]}"#, " { \"entries\" : [ \n ENTRIES\t] , \"version\" : 1 } \n",
    #"{"x":{"entries":[{"type":"reg"}]},"y":["entries",[1]],"entries":[ENTRIES],"z":"\"entries\":[{"}"#,
  ])
  func theTableMayBeWrittenInAnyWay(form: String) throws {
    try write(table: form.replacing("ENTRIES", with: entries()))
    #expect(try read() == tar.bytes)
  }

  @Test func theLastEntryOfANameCounts() throws {
    let wrong = SHA256.digest(of: Array("wrong".utf8))
    let early = #"{"type":"reg","name":"d/../d/one","digest":"\#(wrong)"}"#
    try write(table: #"{"entries":[\#(entries { $0.insert(early, at: 0) })]}"#)
    #expect(try read() == tar.bytes)
    try write(table: #"{"entries":[\#(entries { $0.append(early) })]}"#)
    let failure = #expect(throws: Failure.self) { try read() }
    #expect(failure?.reason == "file \"d/one\": No such file or directory")
  }

  @Test(arguments: [
    "", "{", "[]", "{}x", #"{"entries":[ENTRIES}"#, #"{"entries":[ENTRIES,]}"#, #"{"entries":[,ENTRIES]}"#,
    #"{"entries":[ENTRIES] "version":1}"#, #"{"entries":[ENTRIES],"entries":[]}"#, #"{"entries":["x"]}"#,
    #"{"entries":[ENTRIES],"Entries":[]}"#, #"{"entries":[{"type":"reg"}]}"#, #"{"entries":[{"type":"reg"#,
    #"{"entries":[{"type":"reg","name":"x","digest":"sha256:../../x"}]}"#, #"{"entries":[{}{}]}"#,
    #"{"entries":[{"type":"reg","name":"x","type":"reg"}]}"#, #"{"entries":[ENTRIES],"x":"#,
  ])
  func aDamagedTableIsRefused(form: String) throws {
    try write(table: form.replacing("ENTRIES", with: entries()))
    let failure = #expect(throws: Failure.self) { try read() }
    #expect(failure?.kind == .badData)
    #expect(
      failure?.description.contains("=enN0ZC1jaHVua2VkLW1hbmlmZXN0: table of contents: ") == true
        || form == "[]")
  }

  @Test(.timeLimit(.minutes(5)))
  func aTableOfLongPartsIsRefused() throws {
    let long = String(repeating: "x", count: 5 << 20)
    for table in [#"{"entries":[{"type":"\#(long)"}]}"#, #"{"\#(long)":1,"b":1}"#] {
      try write(table: table)
      #expect(throws: Failure.self) { try read() }
    }
    try folder.remove("overlay-layers/\(id)/=enN0ZC1jaHVua2VkLW1hbmlmZXN0")
    try folder.makeFIFO("overlay-layers/\(id)/=enN0ZC1jaHVua2VkLW1hbmlmZXN0")
    #expect(throws: Failure.self) { try read() }
  }

  @Test(arguments: ["zstd-chunked-manifest", "zstd-chunked-layer-data"])
  func whatIsMissingIsNamed(key: String) throws {
    let path = store.bigDataPath(ofLayer: "\(id)", key: key)
    try folder.remove(String(path.dropFirst(folder.path.count + 1)))
    let failure = #expect(throws: Failure.self) { try read() }
    #expect(failure == Failure(.badData, path, "missing, but needed for the files of a composefs layer"))
  }

  @Test(arguments: [#"{"format":0}"#, #"{"format":2}"#, "{}", #"{"format":"1"}"#, "", "x"])
  func anotherFormatIsRefused(data: String) throws {
    let path = store.bigDataPath(ofLayer: "\(id)", key: "zstd-chunked-layer-data")
    try folder.write(data, to: String(path.dropFirst(folder.path.count + 1)))
    let failure = #expect(throws: Failure.self) { try read() }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == path)
  }

  @Test func aDamagedObjectIsNamedByItsFiles() throws {
    let hex = SHA256.digest(of: Array("one\n".utf8)).hex
    try folder.write("One\n", to: "overlay/\(id)/diff/\(hex.prefix(2))/\(hex.dropFirst(2))")
    #expect(try StoredLayer(id, in: store.location).damagedFiles() == ["\"d/one\"", "\"d/same\""])
  }

  /// A layer shifted to other IDs has its own, empty directory; the lower layer has its own table.
  @Test func filesAreFoundInLayersBelow() throws {
    let twin = String(repeating: "0f", count: 32)
    try folder.makeDirectory("overlay/\(twin)/diff")
    try folder.write("l/ORIGINAL", to: "overlay/\(twin)/lower")
    try folder.symlink("overlay/l/ORIGINAL", to: "../\(id)/diff")
    try folder.write(
      try folder.read("overlay-layers/\(id).tar-split.gz"), to: "overlay-layers/\(twin).tar-split.gz")
    let twinID = try #require(StorageID(twin))
    #expect(try readLayer(twinID, in: store.location) == tar.bytes)
  }
}
