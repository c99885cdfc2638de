import Compression
import ContainersStorage
import Diagnostics
import Digests
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
import ZstdCompression

/// The plan equals the output: for every format, output and codec.
@Suite(.timeLimit(.minutes(5))) struct PlanMatrixTests {
  enum Output: String, CaseIterable, Sendable {
    /// A new file or directory.
    case new
    /// An empty file or directory.
    case empty
    /// An existing layout, or an archive to replace.
    case existing
    /// A FIFO with another process as its reader.
    case fifo
    /// A pipe from the parent process.
    case pipe

    var isStream: Bool { self == .fifo || self == .pipe }
  }

  enum Compression: String, CaseIterable, Sendable {
    case none, gzip, zstd

    /// The codec; nil for plain layers.
    var codec: (any Codec)? {
      get throws(Failure) {
        switch self {
        case .none: nil
        case .gzip: try GzipCodec()
        case .zstd: try ZstdMethod.codec(level: 1)
        }
      }
    }
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
    if output.isStream, !isArchive { return try refusesStream(format, output) }
    let fixture = try Fixture(golden: true)
    for compression in Compression.allCases {
      if compression != .none, format.compression == .never { continue }
      // Docker has no manifests for it; a build may lack it.
      if compression == .zstd, format.family == .docker || ZstdMethod.engine == nil { continue }
      for name in Self.names { try compare(fixture, format, output, compression, name) }
    }
  }

  /// The records of a name in the kind of manifest that a format and a compression need.
  private func selection(
    _ fixture: Fixture, _ format: any ImageFormat, _ name: String, _ compression: Compression = .none
  ) throws -> SaveSelection {
    let records = try resolve([name], in: fixture.store.location).map {
      let family = compression == .zstd ? .oci : format.family(for: $0.manifest.mediaType)
      return try $0.converted(to: family)
    }
    return try SaveSelection(records, format: format)
  }

  private func compare(
    _ fixture: Fixture, _ format: any ImageFormat, _ output: Output, _ compression: Compression, _ name: String
  ) throws {
    let comment: Comment = "\(format.name), \(output), \(compression), \(name)"
    let folder = fixture.folder
    defer { for entry in folder.entries() where entry != "store" { try? folder.remove(entry) } }
    let isArchive = if case .archive = format.container { true } else { false }
    let compresses = compression != .none
    let selection = try selection(fixture, format, name, compression)
    var pair: [CInt] = [-1, -1]
    if output == .pipe { try #require(Foundation.pipe(&pair) == 0) }
    defer { for number in pair where number >= 0 { close(number) } }
    var target = OutputTarget(
      path: Path(output == .pipe ? "/dev/fd/\(pair[1])" : folder.at("target")))
    func job() throws -> SaveJob {
      SaveJob(
        format: format, target: target, options: FormatOptions(codec: try compression.codec),
        providers: [ContainersStore.self])
    }
    var old: Set<String> = []
    switch output {
    case .new, .pipe: break
    case .empty: if isArchive { try folder.write("", to: "target") } else { try folder.makeDirectory("target") }
    case .existing:
      _ = try job().prepare(selection).run()
      // An oci-dir is extended; all others are replaced.
      if format.name == "oci-dir" { old = files(in: folder.at("target")) } else { target.force = true }
    case .fifo: try folder.makeFIFO("target")
    }
    target.summarizes = true
    let job = try job()
    let plan = try JSONValue(parsing: job.prepare(selection).plan().line, rules: .strict)
    let planned = try members(of: plan)

    if case .archive = format.container {
      let (bytes, written) = try written(job, selection, to: folder, output, pair)
      #expect(written.output?.size == UInt64(bytes.count), comment)
      #expect(written.output?.digest == SHA256.digest(of: bytes), comment)
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
      // Each file whose name the plan does not know is one of the planned files without a name.
      #expect(new.subtracting(known).count <= planned.count { $0.name == nil }, comment)
      #expect(output == .existing || new.isSuperset(of: known), comment)
      if let size = plan["size"]?.int64 {
        #expect(size == planned.reduce(0) { $0 + Int64(found[$1.name ?? ""] ?? 0) }, comment)
      }
      // The file that makes a directory valid must be the last.
      #expect(planned.last?.name == (format.name == "oci-dir" ? "index.json" : "manifest.json"), comment)
    }

    let layers = selection.records[0].layers.map { $0.layer.size ?? 0 }
    // A layout keeps the layers that it has.
    let isPresent = output == .existing && format.name == "oci-dir"
    let hidden = compresses && !layers.isEmpty && !isPresent
    #expect(plan["size"]?.isNull == hidden, comment)
    #expect(planned.contains { $0.size == nil } == hidden, comment)
    #expect(plan["temporary"]?.int64 == Int64(output.isStream && hidden ? layers.max() ?? 0 : 0), comment)
    // A stream has no free space.
    #expect(plan["free"]?.isNull == output.isStream, comment)
    #expect(plan["refused"]?.elements.map(\.kind) == [], comment)
  }

  private func refusesStream(_ format: any ImageFormat, _ output: Output) throws {
    let fixture = try Fixture(golden: true)
    try fixture.folder.makeFIFO("target")
    let selection = try selection(fixture, format, Self.names[0])
    let path = output == .fifo ? fixture.folder.at("target") : "/dev/fd/1"
    let job = SaveJob(
      format: format, target: OutputTarget(path: Path(path)), providers: [ContainersStore.self])
    let failure = #expect(throws: Failure.self) { try job.prepare(selection).run() }
    #expect(failure == Failure(.cannotCreate, path, "is not a directory"))
    #expect(try job.prepare(selection).plan().refusals == [try #require(failure)])
  }

  /// Saves an archive; returns its bytes, as the reader of a stream received them.
  private func written(
    _ job: SaveJob, _ selection: SaveSelection, to folder: TemporaryDirectory, _ output: Output, _ pair: [CInt]
  ) throws -> ([UInt8], WrittenOutput) {
    switch output {
    case .new, .empty, .existing:
      let written = try job.prepare(selection).run()
      return (try folder.read("target"), written)
    case .fifo:
      try folder.write("", to: "stream")
      let reader = Process()
      reader.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      reader.arguments = ["cat", folder.at("target")]
      reader.standardOutput = FileHandle(forWritingAtPath: folder.at("stream"))
      try reader.run()
      let written = try job.prepare(selection).run()
      reader.waitUntilExit()
      return (try folder.read("stream"), written)
    case .pipe:
      let received = Lock<[UInt8]>([])
      let end = DispatchSemaphore(value: 0)
      // Its own descriptor, whose number no other file gets before the end.
      let input = dup(pair[0])
      Thread {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
          let count = read(input, &buffer, buffer.count)
          if count <= 0 { break }
          received.withLock { $0 += buffer.prefix(count) }
          end.signal()
        }
        close(input)
      }.start()
      let written = try job.prepare(selection).run()
      // The end may come late: other processes of the tests may have got the descriptor.
      let size = try #require(written.output).size
      while received.withLock({ UInt64($0.count) }) < size { end.wait() }
      return (received.withLock { $0 }, written)
    }
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
