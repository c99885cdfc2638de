import Compression
import ContainersStorage
import Diagnostics
import Digests
import Foundation
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import JSON
import Outputs
import POSIX
import Saving
import StoreFixtures
import Testing

/// What plans, reports and events say.
@Suite(.timeLimit(.minutes(5))) struct ReportTests {
  private let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  /// The record of an image of some layers in a store of its own.
  private func record(layers count: Int, to family: ManifestFamily = .docker) throws -> ImageRecord {
    var store = try StoreBuilder(root: folder.at("store\(count)"))
    let layers = (0..<count).map { number in
      var tar = TarBuilder()
      tar.file("file\(number)", [UInt8(number)])
      return tar.finish()
    }
    try store.addImage("localhost/n:1", layers: layers)
    try store.write()
    return try #require(try resolve(["localhost/n:1"], in: store.location).first).converted(to: family)
  }

  private func job(
    _ format: any ImageFormat, _ codec: (any Codec)? = nil, to name: String = "out"
  ) -> SaveJob {
    SaveJob(
      format: format, target: OutputTarget(path: Path(folder.at(name))),
      options: FormatOptions(codec: codec), providers: [ContainersStore.self])
  }

  private func lines(
    _ record: ImageRecord, _ job: SaveJob, isComplete: Bool = false
  ) throws -> [String] {
    let plan = try job.prepare(SaveSelection([record], format: job.format)).plan()
    return plan.text(isComplete: isComplete).split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0)
    }
  }

  @Test func aPlanNamesTheImageAndItsFiles() throws {
    let record = try record(layers: 1)
    let lines = try lines(record, job(DockerArchive()))
    let layer = record.layers[0].layer
    #expect(lines.first == "image \(record.id.prefix(12)): localhost/n:1, 1 layer")
    #expect(lines.contains("    \(byteText(try #require(layer.size)))  \(layer.diffID.hex).tar"))
    let links = lines.filter { $0.contains(" -> ") }
    #expect(links.count == 1)
    #expect(
      links[0].hasPrefix(String(repeating: " ", count: 12))
        && !links[0].hasPrefix(String(repeating: " ", count: 13)))
    #expect(links[0].hasSuffix("/layer.tar -> ../\(layer.diffID.hex).tar"))
    #expect(
      lines.last == "" && lines.dropLast().last?.hasPrefix("docker-archive to \(folder.at("out")): ") == true)
    let several = try self.lines(self.record(layers: 2), job(DockerArchive()))
    #expect(several[0].hasSuffix(": localhost/n:1, 2 layers"))
  }

  /// Up to twelve lines of a kind are shown, of longer lists the first six.
  @Test(arguments: [(4, nil, nil), (5, nil, 9), (12, nil, 30), (13, 7, 33)] as [(Int, Int?, Int?)])
  func longListsAreFolded(layers: Int, moreLayers: Int?, moreFiles: Int?) throws {
    let record = try record(layers: layers)
    let lines = try lines(record, job(DockerArchive()))
    func folded(_ what: String) -> [String] { lines.filter { $0.hasSuffix(" more \(what) \u{2026}") } }
    let sizes = try record.layers.dropFirst(6).map { try #require($0.layer.size) }
    if let moreLayers {
      let size = byteText(sizes.reduce(0, +))
      #expect(
        folded("layers") == [
          String(repeating: " ", count: 10 - size.utf8.count) + size
            + "  \u{2026} \(moreLayers) more layers \u{2026}"
        ])
    } else {
      #expect(folded("layers") == [])
    }
    #expect(folded("files").count == (moreFiles == nil ? 0 : 1))
    if let moreFiles { #expect(folded("files")[0].hasSuffix("\u{2026} \(moreFiles) more files \u{2026}")) }
    let complete = try self.lines(record, job(DockerArchive()), isComplete: true)
    #expect(!complete.contains { $0.contains("more") })
    #expect(complete.count { $0.hasSuffix(".tar") && !$0.contains("->") } == layers)
  }

  @Test func sizesAndNamesThatAreNotKnownAreMarked() throws {
    let lines = try lines(record(layers: 13, to: .oci), job(OCIArchive(), try GzipCodec()))
    #expect(lines.contains("         ?  \u{2026} 7 more layers \u{2026}"))
    #expect(lines.count { $0.hasSuffix(", compressed)") && $0.hasPrefix("         ?  (layer ") } == 6)
    #expect(lines.contains("         ?  (manifest)"))
    #expect(lines.dropLast().last?.contains(": size not known in advance") == true)
  }

  @Test(arguments: [1, 2])
  func layersThatAreThereOrLeftOutAreCounted(count: Int) throws {
    var record = try record(layers: 3, to: .oci)
    let sizes = try record.layers.map { try #require($0.layer.size) }
    let text = count == 1 ? "1 layer" : "2 layers"
    for index in 0..<count { record.layers[index].isAbsent = true }
    let sparse = try lines(record, job(HybridArchive()))
    #expect(sparse.contains("left out: \(text), \(byteText(sizes.prefix(count).reduce(0, +)))"))
    #expect(!sparse.contains { $0.hasPrefix("there already") })
    let base = try self.record(layers: count, to: .oci)
    let layout = job(OCIDirectory(), to: "layout")
    _ = try layout.prepare(SaveSelection([base], format: OCIDirectory())).run()
    for index in 0..<count { record.layers[index].isAbsent = false }
    let grown = try lines(record, layout)
    #expect(grown.contains("there already: \(text), \(byteText(sizes.prefix(count).reduce(0, +)))"))
    #expect(!grown.contains { $0.hasPrefix("left out") })
  }

  /// Why the manifest of the output is not that of the store.
  @Test func aReportHasTheReasonsOfAnotherManifest() throws {
    func reasons(_ record: ImageRecord, _ format: any ImageFormat, _ codec: (any Codec)? = nil) throws
      -> [String?]
    {
      let selection = try SaveSelection([record], format: format)
      let job = job(format, codec, to: "\(format.name)-\(codec == nil)")
      let report = try JSONValue(
        parsing: SaveReport(selection, job, job.prepare(selection).run()).line, rules: .strict)
      let image = try #require(report["images"]?.elements.first { _ in true })
      #expect(image["layers"]?.elements.allSatisfy { $0["absent"] == nil && $0["present"] == nil } == true)
      return image["manifest"]?["reasons"]?.elements.map(\.string) ?? []
    }
    let oci = try record(layers: 2, to: .oci)
    #expect(try reasons(oci.converted(to: .docker), ListFormat()) == ["the format has no manifest of its own"])
    let converted = oci.conversion?.reasons ?? []
    #expect(try reasons(oci, OCIArchive()) == converted)
    #expect(try reasons(oci, OCIArchive(), GzipCodec()) == converted + ["layers compressed"])
  }

  @Test func aReportMarksLayersThatAreAbsentOrPresent() throws {
    var record = try record(layers: 3, to: .oci)
    let layout = job(OCIDirectory(), to: "layout")
    let base = try self.record(layers: 1, to: .oci)
    _ = try layout.prepare(SaveSelection([base], format: OCIDirectory())).run()
    record.layers[0].isAbsent = true
    record.layers[1].isAbsent = true
    let selection = try SaveSelection([record], format: OCIDirectory())
    let report = try JSONValue(
      parsing: SaveReport(selection, layout, layout.prepare(selection).run()).line, rules: .strict)
    let layers = try Array(#require(report["images"]?.elements.first { _ in true }?["layers"]).elements)
    #expect(layers.map { $0["absent"]?.bool } == [nil, true, nil])
    #expect(layers.map { $0["present"]?.bool } == [true, nil, nil])
  }

  @Test func anEventHasTheTimeOfTheSave() throws {
    let selection = try SaveSelection([record(layers: 1)], format: DockerArchive())
    let before = Date()
    let line = SaveEvents(selection, OutputTarget(path: "out.tar")).lines
    let text = try #require(JSONValue(parsing: line, rules: .strict)["Time"]?.string)
    // Nanoseconds are more than Foundation reads.
    try #require(text.utf8.count == 30 && text.hasSuffix("Z"))
    let formatter = ISO8601DateFormatter()
    let time = try #require(formatter.date(from: text.prefix(19) + "Z"))
    #expect(abs(time.timeIntervalSince(before)) < 60)
  }
}
