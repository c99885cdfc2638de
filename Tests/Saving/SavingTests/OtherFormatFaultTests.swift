import Compression
import ContainersStorage
import Diagnostics
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import Outputs
import POSIX
import Saving
import StoreFixtures
import Testing

/// The other formats: a failed layer leaves no target and no other file.
@Suite(.timeLimit(.minutes(5))) struct OtherFormatFaultTests {
  private static let name = "localhost/sample:1.0"

  enum Fault: String, CaseIterable {
    case missing
    case flipped
    case longer
    case fifo
  }

  /// The formats other than docker-archive.
  static let formats: [any ImageFormat] = [OCIArchive(), OCIDirectory(), DockerDirectory(), HybridArchive()]

  private func save(_ fixture: Fixture, _ format: any ImageFormat, compressed: Bool) throws {
    let records = try resolve([Self.name], in: fixture.store.location).map {
      try $0.converted(to: format.family(for: $0.manifest.mediaType))
    }
    let job = SaveJob(
      format: format, target: OutputTarget(path: Path(fixture.folder.at("out/target"))),
      options: FormatOptions(codec: compressed ? try GzipCodec() : nil), providers: [ContainersStore.self])
    _ = try job.prepare(SaveSelection(records, format: format)).run()
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
    arguments: formats.indices, [false, true])
  func nothingIsLeft(index: Int, compressed: Bool) throws {
    let format = Self.formats[index]
    for fault in Fault.allCases {
      let fixture = try Fixture(golden: false)
      try fixture.folder.makeDirectory("out")
      try damage(fault, in: fixture)
      let failure = #expect(throws: Failure.self, "\(fault)") {
        try save(fixture, format, compressed: compressed)
      }
      #expect(failure?.kind == .badData, "\(fault)")
      #expect(failure?.description.contains("usr/bin/hello") == true, "\(fault)")
      #expect(fixture.folder.entries("out") == [], "\(fault)")
    }
  }

  @Test(
    arguments: formats.indices, [false, true])
  func withoutAFaultTheTargetAppears(index: Int, compressed: Bool) throws {
    let format = Self.formats[index]
    let fixture = try Fixture(golden: false)
    try fixture.folder.makeDirectory("out")
    try save(fixture, format, compressed: compressed)
    #expect(fixture.folder.entries("out") == ["target"])
    let failure = #expect(throws: Failure.self) {
      try fixture.folder.remove("out/target")
      try fixture.folder.write("old", to: "out/target")
      try save(fixture, format, compressed: compressed)
    }
    #expect(failure?.kind == .cannotCreate)
    #expect(try fixture.folder.read("out/target") == Array("old".utf8))
    #expect(fixture.folder.entries("out") == ["target"])
  }
}
