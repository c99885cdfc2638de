import Compression
import ContainersStorage
import Diagnostics
import Foundation
import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource
import JSON
import Outputs
import POSIX
import Saving
import StoreFixtures
import Testing

/// The plan equals the output: for every format, output and codec.
@Suite(.timeLimit(.minutes(5))) struct PlanMatrixTests {
  enum Output: String, CaseIterable, Sendable {
    /// A new file or directory.
    case new
    /// An existing layout, or an archive to replace.
    case existing
    /// A FIFO with another process as its reader.
    case fifo
  }

  static let formats: [any ImageFormat] = [
    DockerArchive(), OCIArchive(), OCIDirectory(), DockerDirectory(), HybridArchive(),
  ]

  /// A member or file of an output; without a layer's name and size if they are known only after writing.
  struct Member: Hashable {
    var name: String?
    var size: Int?
  }

  private static let names = [
    "localhost/golden/plain:1", "localhost/golden/repeated:1", "localhost/golden/empty:1",
  ]

  @Test(arguments: formats.indices, Output.allCases)
  func thePlanIsWhatIsWritten(index: Int, output: Output) throws {
    let format = Self.formats[index]
    let isArchive = if case .archive = format.container { true } else { false }
    if output == .fifo, !isArchive { return try refusesFIFO(format) }
    // Only read, so it serves all.
    let fixture = try Fixture(golden: true)
    for compresses in format.compression == .never ? [false] : [false, true] {
      for name in Self.names {
        try compare(format, output, compresses, name, in: fixture)
        try fixture.folder.remove("target")
      }
    }
  }

  private func compare(
    _ format: any ImageFormat, _ output: Output, _ compresses: Bool, _ name: String, in fixture: Fixture
  ) throws {
    let comment: Comment = "\(format.name), \(output), \(compresses ? "gzip" : "plain"), \(name)"
    let folder = fixture.folder
    var target = OutputTarget(path: Path(folder.at("target")))
    let codec = compresses ? try GzipCodec() : nil
    let records = try resolve([name], in: fixture.store.location).map {
      try $0.converted(to: format.family(for: $0.manifest.mediaType))
    }
    let selection = try SaveSelection(records, format: format)
    var old: Set<String> = []
    if output == .existing {
      target.force = if case .archive = format.container { true } else { false }
      let first = SaveJob(
        format: format, target: target, options: FormatOptions(codec: codec), providers: [ContainersStore.self])
      _ = try first.prepare(selection).run()
      // An oci-dir is extended; a docker-dir is replaced.
      if format.name == "docker-dir" { target.force = true } else { old = files(in: folder.at("target")) }
    }
    if output == .fifo { try folder.makeFIFO("target") }
    let job = SaveJob(
      format: format, target: target, options: FormatOptions(codec: codec), providers: [ContainersStore.self])
    let plan = try JSONValue(parsing: job.prepare(selection).plan().line, rules: .strict)
    let planned = try members(of: plan)

    if case .archive = format.container {
      let bytes = try written(job, selection, to: folder, through: output == .fifo)
      let found = try tarMembers(of: bytes).map { Member(name: $0.name, size: $0.content.count) }
      #expect(found.count == planned.count, comment)
      for (found, planned) in zip(found, planned) {
        // In the order of writing, as in the plan.
        #expect(planned.name ?? found.name == found.name, comment)
        #expect(planned.size ?? found.size == found.size, comment)
      }
      if let size = plan["size"]?.int64 { #expect(size == Int64(bytes.count), comment) }
    } else {
      _ = try job.prepare(selection).run()
      let found = Dictionary(
        uniqueKeysWithValues: try files(in: folder.at("target")).map {
          ($0, try folder.read("target/\($0)").count)
        })
      for member in planned {
        guard let name = member.name else { continue }
        #expect(found[name] != nil && member.size ?? found[name] == found[name], comment)
      }
      let new = Set(found.keys).subtracting(old)
      let known = Set(planned.compactMap(\.name))
      #expect(output == .existing || planned.count == new.count, comment)
      #expect(compresses || new.isSubset(of: known), comment)
      if let size = plan["size"]?.int64 {
        #expect(size == planned.reduce(0) { $0 + Int64(found[$1.name ?? ""] ?? 0) }, comment)
      }
      // The file that makes a directory valid must be the last.
      #expect(planned.last?.name == (format.name == "oci-dir" ? "index.json" : "manifest.json"), comment)
    }

    let layers = records[0].layers.map { $0.layer.size ?? 0 }
    // A layout keeps the layers that it has.
    let isPresent = output == .existing && format.name == "oci-dir"
    let hidden = compresses && !layers.isEmpty && !isPresent
    #expect(plan["size"]?.isNull == hidden, comment)
    #expect(planned.contains { $0.size == nil } == hidden, comment)
    #expect(plan["temporary"]?.int64 == Int64(output == .fifo && hidden ? layers.max() ?? 0 : 0), comment)
    #expect(plan["refused"]?.elements.map(\.kind) == [], comment)
  }

  private func refusesFIFO(_ format: any ImageFormat) throws {
    let fixture = try Fixture(golden: true)
    try fixture.folder.makeFIFO("target")
    let records = try resolve([Self.names[0]], in: fixture.store.location).map {
      try $0.converted(to: format.family(for: $0.manifest.mediaType))
    }
    let selection = try SaveSelection(records, format: format)
    let target = OutputTarget(path: Path(fixture.folder.at("target")))
    let job = SaveJob(format: format, target: target, providers: [ContainersStore.self])
    let failure = #expect(throws: Failure.self) { try job.prepare(selection).run() }
    #expect(failure == Failure(.cannotCreate, fixture.folder.at("target"), "is not a directory"))
    #expect(try job.prepare(selection).plan().refusals == [try #require(failure)])
  }

  /// Saves an archive and returns its bytes; for a FIFO, those that its reader received.
  private func written(
    _ job: SaveJob, _ selection: SaveSelection, to folder: TemporaryDirectory, through fifo: Bool
  ) throws -> [UInt8] {
    guard fifo else {
      _ = try job.prepare(selection).run()
      return try folder.read("target")
    }
    try folder.write("", to: "stream")
    let reader = Process()
    reader.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    reader.arguments = ["cat", folder.at("target")]
    reader.standardOutput = FileHandle(forWritingAtPath: folder.at("stream"))
    try reader.run()
    _ = try job.prepare(selection).run()
    reader.waitUntilExit()
    return try folder.read("stream")
  }

  private func members(of plan: JSONValue) throws -> [Member] {
    try #require(plan["members"]).elements.map { member in
      Member(
        name: member["name"]?.string, size: member["link"] == nil ? member["size"]?.int64.map(Int.init) : 0)
    }
  }

  private func files(in path: String) -> Set<String> {
    let all = FileManager.default.subpaths(atPath: path) ?? []
    return Set(all.filter { (try? FileStatus.of(Path("\(path)/\($0)")).kind) == .regular })
  }
}
