import Compression
import Diagnostics
import ImageArchive
import ImageManifest
import POSIX
import Saving
import StoreFixtures
import Testing

/// The other formats: a layer that fails leaves no target, and nothing beside it.
@Suite(.timeLimit(.minutes(2))) struct OtherFormatFaultTests {
  private static let name = "localhost/sample:1.0"

  enum Fault: String, CaseIterable {
    case missing
    case flipped
    case longer
    case fifo
  }

  private func save(_ fixture: Fixture, _ format: SaveFormat, _ compression: LayerCompression) throws {
    let records = try resolve([Self.name], in: fixture.store.location).map {
      try $0.converted(to: format.family)
    }
    let target = ArchiveTarget(path: Path(fixture.folder.at("out/target")))
    _ = try Saving.save(
      SaveSelection(records, format: format),
      SaveOptions(format: format, target: target, compression: compression))
  }

  private func damage(_ fault: Fault, in fixture: Fixture) throws {
    let id = try #require(fixture.store.layers[1]["id"]).dropFirst().dropLast()
    let file = "store/overlay/\(id)/diff/usr/bin/hello"
    var bytes = try fixture.folder.read(file)
    try fixture.folder.remove(file)
    switch fault {
    case .missing: break
    case .flipped:
      bytes[bytes.count - 1] ^= 1
      try fixture.folder.write(bytes, to: file)
    case .longer: try fixture.folder.write(bytes + [0], to: file)
    case .fifo: try fixture.folder.makeFIFO(file)
    }
  }

  @Test(
    arguments: [SaveFormat.ociArchive, .ociDirectory, .dockerDirectory],
    [LayerCompression.none, .gzip(level: .standard)])
  func nothingIsLeft(format: SaveFormat, compression: LayerCompression) throws {
    for fault in Fault.allCases {
      let fixture = try Fixture(golden: false)
      try fixture.folder.makeDirectory("out")
      try damage(fault, in: fixture)
      let failure = #expect(throws: Failure.self, "\(fault)") { try save(fixture, format, compression) }
      #expect(failure?.kind == .badData, "\(fault)")
      #expect(failure?.description.contains("usr/bin/hello") == true, "\(fault)")
      #expect(fixture.folder.entries("out") == [], "\(fault)")
    }
  }

  @Test(
    arguments: [SaveFormat.ociArchive, .ociDirectory, .dockerDirectory],
    [LayerCompression.none, .gzip(level: .standard)])
  func withoutAFaultTheTargetAppears(format: SaveFormat, compression: LayerCompression) throws {
    let fixture = try Fixture(golden: false)
    try fixture.folder.makeDirectory("out")
    try save(fixture, format, compression)
    #expect(fixture.folder.entries("out") == ["target"])
    let failure = #expect(throws: Failure.self) {
      try fixture.folder.remove("out/target")
      try fixture.folder.write("old", to: "out/target")
      try save(fixture, format, compression)
    }
    #expect(failure?.kind == .cannotCreate)
    #expect(try fixture.folder.read("out/target") == Array("old".utf8))
    #expect(fixture.folder.entries("out") == ["target"])
  }
}
