import Diagnostics
import Digests
import Foundation
import ImageModel
import ImageRecord
import ImageSource
import POSIX
import StoreFixtures
import Testing

@testable import ImageFiles
@testable import Tar

/// Archives at the limits of what is read, and those that are none.
@Suite(.timeLimit(.minutes(5))) struct ArchiveRuleTests {
  let folder: TemporaryDirectory
  let archive = ArchiveFixture()

  init() throws {
    folder = try TemporaryDirectory()
  }

  /// The catalog of an archive, opened anew.
  private func catalog(_ bytes: [UInt8], notes: @escaping (String) -> Void = { _ in }) throws
    -> ImageFileCatalog
  {
    try folder.write(bytes, to: "a.tar")
    let file = try Archive(opening: Path(folder.at("a.tar")), false)
    return try ImageFileCatalog(
      ImageFileReference.Place(transport: .dockerArchive, path: folder.at("a.tar")), file,
      path: folder.at("a.tar"), platforms: Archives.amd64, note: notes)
  }

  private func record(_ bytes: [UInt8]) throws -> ImageRecord {
    let catalog = try catalog(bytes)
    return try catalog.record(for: .entry(0))
  }

  /// The bytes of the tar of the only layer.
  private func layer(_ bytes: [UInt8]) throws -> [UInt8] {
    let record = try record(bytes)
    let file = try Archive(opening: Path(folder.at("a.tar")), false)
    let layers = try ArchiveLayers(record.storage, file)
    let content = try layers.content(of: record.layers[0], image: "image")
    return try ImageFilesTests.content(
      of: try #require(SourceLayer(record.layers[0].layer, content).stream).source)
  }

  private func archive(of layer: [UInt8], stored: [UInt8]) -> [UInt8] {
    var archive = archive
    archive.config = Array(#"{"rootfs":{"diff_ids":["\#(SHA256.digest(of: layer))"]}}"#.utf8)
    return archive.tar { $0.file("layer.tar", stored) }
  }

  @Test func whatHasNoDataIsNamed() throws {
    #expect(throws: Failure(.badData, folder.at("a.tar"), "the file is empty")) { try catalog([]) }
    #expect(throws: Failure(.badData, folder.at("a.tar"), "there is no data")) { try catalog(gzipped([])) }
  }

  /// Compressed archives are copied in pieces of 256 KiB.
  @Test(arguments: [1 << 18, 1 << 18 + 512, 1 << 19, 1 << 19 + 512]) func compressedArchivesAreReadToTheirEnd(
    size: Int
  ) throws {
    let bytes = deterministicBytes(200_000, seed: 1)
    let tar = archive(of: bytes, stored: bytes)
    let padded = tar + [UInt8](repeating: 0, count: size - tar.count)
    #expect(try layer(gzipped(padded)) == bytes)
    let long = deterministicBytes(600_000, seed: 2)
    #expect(try layer(gzipped(archive(of: long, stored: long))) == long)
  }

  @Test(arguments: [1 << 18 - 1, 1 << 18, 1 << 18 + 1, 700_000]) func compressedLayersAreMeasuredToTheirEnd(
    size: Int
  ) throws {
    let bytes = deterministicBytes(size, seed: 4)
    let stored = gzipped(bytes)
    let archive = archive(of: bytes, stored: stored)
    let record = try record(archive)
    #expect(record.layers[0].layer.size == UInt64(size))
    #expect(record.layers[0].layer.blob?.digest == SHA256.digest(of: stored))
    #expect(record.layers[0].layer.blob?.mediaType == .dockerLayerGzip)
    #expect(try layer(archive) == bytes)
  }

  /// Data after the end is looked for in one MiB.
  @Test(arguments: [0, 1]) func dataAfterTheEndIsNotedIfItIsNear(more: Int) throws {
    var notes: [String] = []
    let end = [UInt8](repeating: 0, count: 1 << 20 - 1 + more)
    _ = try catalog(archive.tar() + end + [1]) { notes.append($0) }
    #expect(notes == (more == 0 ? ["\(folder.at("a.tar")): data after the end of the archive is ignored"] : []))
  }

  /// What reads an archive twice needs a file; it does not wait for the writer of a FIFO.
  @Test func aFIFOIsRefusedUnlessItCanBeUsed() throws {
    try folder.makeFIFO("pipe")
    let path = folder.at("pipe")
    let bytes = archive.tar()
    let writer = Thread {
      guard let file = try? FileDescriptor.open(Path(path), O_WRONLY) else { return }
      bytes.withUnsafeBytes { bytes in try? file.write(bytes, path) }
    }
    writer.start()
    let refusal = Failure(.usage, path, "a pipe can be read only once: give a file, or use img-save")
    #expect(throws: refusal) { try Archive(opening: Path(path), false) }
    #expect(throws: Failure(.usage, "standard input", refusal.reason)) {
      try Archive(opening: "/dev/stdin", false)
    }
    let reference = try #require(try ImageFileReference("docker-archive:" + path))
    #expect(throws: refusal) {
      try ImageFileCatalog(reference.place, platforms: Archives.amd64, acceptsStreams: false)
    }
    let storage = try RecordPlace(kind: ArchiveLayers.kind, path: path, size: nil).storage()
    #expect(throws: refusal) { try ArchiveLayers(storage) }
    #expect(try TarFiles(Archive(opening: Path(path), true)).find("layer.tar")?.size == 700)
  }

  @Test func anArchiveOfAnotherSizeIsNotThatOfTheRecord() throws {
    let record = try record(archive.tar())
    try folder.write(archive.tar() + [0], to: "a.tar")
    let file = try Archive(opening: Path(folder.at("a.tar")), false)
    let reason = "its size is not that of the record; it may have been replaced"
    #expect(throws: Failure(.badData, folder.at("a.tar"), reason)) { try ArchiveLayers(record.storage, file) }
  }

  /// The place of a layer is enough to read it.
  @Test func aLayerWithoutABlobIsReadFromItsPlace() throws {
    let record = try record(archive.tar())
    let file = try Archive(opening: Path(folder.at("a.tar")), false)
    var layer = record.layers[0]
    layer.layer = Layer(diffID: layer.layer.diffID, size: 700)
    let content = try ArchiveLayers(record.storage, file).content(of: layer, image: "image")
    guard case .blob(let source) = content else {
      Issue.record("no blob")
      return
    }
    #expect(try ImageFilesTests.content(of: source) == ArchiveFixture.layer)
  }

  private func failure(_ manifest: String) throws -> Failure? {
    var tar = TarBuilder()
    tar.file("manifest.json", manifest)
    return #expect(throws: Failure.self) { try catalog(tar.finish().bytes) }
  }

  @Test func whatIsWrongInAManifestIsNamed() throws {
    let good = #"{"Config":"x","Layers":null,"RepoTags":null}"#
    let subject = folder.at("a.tar") + "/manifest.json"
    for text in ["{}", "null", "7"] {
      #expect(try failure(text) == Failure(.badData, subject, "not a list of images"))
    }
    let json = try failure("[")
    #expect(json?.subject == subject && json?.reason.hasPrefix("malformed JSON: ") == true)
    for (element, number, reason) in [
      ("1", 1, "Config: expected a name"), (#"{"Config":1}"#, 1, "Config: expected a name"),
      (#"{"Config":"x","Layers":"y"}"#, 1, "Layers: expected a list of names"),
      (#"{"Config":"x","Layers":{"y":"z"}}"#, 1, "Layers: expected a list of names"),
      (#"{"Config":"x","Layers":["y",1]}"#, 1, "Layers: expected a list of names"),
      (good + #",{"Config":"x","RepoTags":["A"]}"#, 2, "RepoTags: \"A\" is not a name with a tag"),
      (good + "," + good + ",{}", 3, "Config: expected a name"),
    ] { #expect(try failure("[\(element)]") == Failure(.badData, "\(subject): image \(number)", reason)) }
  }

  @Test func aTagNamedTwiceIsOne() throws {
    var archive = archive
    archive.tags = #"["acme/app:1","docker.io/acme/app:1","acme/b"]"#
    #expect(try record(archive.tar()).tags == ["docker.io/acme/app:1", "docker.io/acme/b:latest"])
  }

  @Test(arguments: ["{}", #"{"rootfs":null}"#, #"{"rootfs":{}}"#, #"{"rootfs":{"diff_ids":null}}"#])
  func anImageMayHaveNoLayers(config: String) throws {
    var tar = TarBuilder()
    tar.file("config.json", config)
    tar.file("manifest.json", #"[{"Config":"config.json","Layers":null}]"#)
    #expect(try record(tar.finish().bytes).layers.isEmpty)
  }

  @Test(arguments: ["[]", "7", #"{"rootfs":{"diff_ids":{}}}"#, #"{"rootfs":{"diff_ids":"x"}}"#])
  func anotherConfigIsNoImage(config: String) throws {
    var tar = TarBuilder()
    tar.file("config.json", config)
    tar.file("manifest.json", #"[{"Config":"config.json","Layers":null}]"#)
    let failure = #expect(throws: Failure.self) { try record(tar.finish().bytes) }
    #expect(failure?.kind == .badData)
    #expect(failure?.reason == "not a container image: its config is of the type \(MediaType.dockerConfig)")
  }

  @Test(arguments: ["manifest.json", "index.json", "oci-layout", "other"])
  func whatReadersGoByIsThereOnce(name: String) throws {
    var tar = TarBuilder()
    for content in ["1", "22"] { tar.file(name, content) }
    try folder.write(tar.finish().bytes, to: "twice.tar")
    let files = try TarFiles(Archive(opening: Path(folder.at("twice.tar")), false))
    if name == "other" {
      #expect(try files.find(name)?.size == 2, "the last one counts")
    } else {
      #expect(throws: Failure(.badData, "\(folder.at("twice.tar"))/\(name)", "the archive has it twice")) {
        try files.find(name)
      }
    }
  }

  private func member(_ linkTarget: [UInt8]) -> Tar.TarMember {
    Tar.TarMember(name: [], linkTarget: linkTarget, kind: .directory, size: 0, offset: 0)
  }

  @Test func membersHaveALimit() throws {
    var index = TarFiles.Index()
    for _ in 0..<100_000 { try index.add(member([])) }
    #expect(throws: Failure(.badData, "", "too many members, more than 100000")) { try index.add(member([])) }
  }

  @Test func namesHaveALimit() throws {
    var index = TarFiles.Index()
    let long = [UInt8](repeating: UInt8(ascii: "/"), count: 8 << 20)
    for _ in 0..<4 { try index.add(member(long)) }
    #expect(throws: Never.self) { try index.add(member([])) }
    #expect(throws: Failure(.badData, "", "too many members, more than 5")) { try index.add(member([0x61])) }
  }

  /// What was just written is in memory: reading it waits for no disk, and the reader says so.
  @Test func cachedFilesAreNotWaitedFor() throws {
    try folder.write("content", to: "file")
    let file = OpenFile(try FileDescriptor.open(Path(folder.at("file")), O_RDONLY))
    var bytes = [UInt8](repeating: 0, count: 4)
    let waited = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 3, "name") }
    #expect(!waited && bytes == Array("tent".utf8))
    #expect(throws: Failure(.badData, "name", "shorter than it was")) {
      try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 4, "name") }
    }
  }
}

/// The parts of references to archives and directories.
@Suite struct PlaceTests {
  @Test(arguments: ImageFileReference.Transport.allCases) func onlyArchivesCanBeStandardInput(
    transport: ImageFileReference.Transport
  ) {
    let isArchive = [.ociArchive, .dockerArchive].contains(transport)
    #expect(transport.isArchive == isArchive)
    #expect(ImageFileReference.Place(transport: transport, path: "-").isStandardInput == isArchive)
    for path in ["", "./-", "/dev/stdin"] {
      #expect(!ImageFileReference.Place(transport: transport, path: path).isStandardInput)
    }
  }
}

/// Paths after the name of a transport, as a shell completes them.
@Suite struct PathCompletionTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    for name in ["a.tar", "b.tar", "c:d.tar", ".hidden.tar", "sub/inner.tar"] { try folder.write("", to: name) }
    for name in ["e:f", ".git"] { try folder.makeDirectory(name) }
    try folder.makeFIFO("pipe")
    try folder.symlink("link.tar", to: "a.tar")
    try folder.symlink("gone.tar", to: "nothing")
  }

  private func completions(_ prefix: String) -> [String] {
    ImageFileReference.pathCompletions(of: prefix.replacing("FOLDER", with: folder.path)).sorted()
      .map { $0.replacing(folder.path, with: "FOLDER") }
  }

  @Test(arguments: ["docker-archive", "oci-archive"]) func archivesAreFiles(transport: String) {
    let folder = "\(transport):FOLDER/"
    #expect(completions(folder) == ["a.tar", "b.tar", "link.tar", "sub/"].map { folder + $0 })
    #expect(completions(folder + "a") == [folder + "a.tar"])
    #expect(completions(folder + "sub/") == [folder + "sub/inner.tar"])
    #expect(completions(folder + ".") == [".git/", ".hidden.tar"].map { folder + $0 })
    #expect(completions(folder + "x") == [] && completions(folder + "x/") == [])
    // After a colon, a name follows.
    #expect(completions(folder + "c:") == [])
  }

  @Test func layoutsAreDirectories() {
    #expect(completions("oci:FOLDER/") == ["oci:FOLDER/sub/"])
    #expect(completions("oci:FOLDER/e:") == [])
  }

  /// A colon is a part of the path.
  @Test func directoriesMayHaveColons() {
    #expect(completions("dir:FOLDER/") == ["dir:FOLDER/e:f/", "dir:FOLDER/sub/"])
    #expect(completions("dir:FOLDER/e:") == ["dir:FOLDER/e:f/"])
    #expect(completions("dir:FOLDER/.") == ["dir:FOLDER/.git/"])
  }

  @Test func otherTextsAreNotCompleted() {
    for text in ["", "FOLDER/", "docker:FOLDER/", "dir"] { #expect(completions(text) == []) }
  }
}
