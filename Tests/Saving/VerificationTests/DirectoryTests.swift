import Diagnostics
import Digests
import POSIX
import StoreFixtures
import Testing

@testable import Verification

@Suite struct DirectoryTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
  }

  private func verification() throws -> Verification { try Verification(directory: Path(folder.path), .init()) }

  private func unpack(_ name: String) throws {
    for file in try Archives.files(name) { try folder.write(file.bytes, to: file.name) }
  }

  @Test(arguments: FaultTests.expected.filter { $0.1 == "oci" || $0.1 == "hybrid" })
  func aDirectoryIsCheckedLikeItsArchive(name: String, kind: String, faults: [String], notes: [String]) throws {
    // The rest is about the archive itself.
    let codes = faults.filter { !["no-trailer", "trailing-data", "duplicate-member"].contains($0) }
    guard !name.hasSuffix("-cut") else { return }
    try unpack(name)
    let verification = try verification()
    #expect(verification.kind.rawValue == kind)
    #expect(verification.codes == codes)
    #expect(verification.digest == nil)
  }

  /// The files of a docker-dir are named by their digests.
  private func writeDockerDirectory() throws {
    try folder.write(Array("Directory Transport Version: 1.1\n".utf8), to: "version")
    for file in try Archives.files("faults/oci-good") where file.name.hasPrefix("blobs/") {
      let name = String(file.name.suffix(64))
      try folder.write(file.bytes, to: name.hasPrefix("3f7b") ? "manifest.json" : name)
    }
  }

  @Test func aDockerDirectoryIsChecked() throws {
    try writeDockerDirectory()
    let verification = try verification()
    #expect(verification.kind == .directory)
    #expect(verification.codes == [])
    #expect(verification.findings.images.count == 1)
    #expect(verification.findings.images.first?.layers.count == 4)
  }

  @Test func faultsOfADockerDirectoryAreFound() throws {
    try writeDockerDirectory()
    let layer = try #require(folder.entries().first { $0.hasPrefix("70f4") })
    let bytes = try folder.read(layer)
    try folder.write(bytes.dropLast() + [1], to: layer)
    #expect(try verification().codes == ["diff-id", "digest"])
    try folder.remove(layer)
    #expect(try verification().codes == ["missing"])
    try folder.write(bytes, to: layer)
    try folder.write(Array("Directory Transport Version: 2.0\n".utf8), to: "version")
    #expect(try verification().codes == ["layout"])
    try folder.remove("version")
    #expect(try verification().codes == ["layout"])
  }

  @Test func otherFilesAreNoFaults() throws {
    try unpack("faults/oci-good")
    try Path(folder.at("blobs")).appending("link").makeDirectory()
    #expect(try verification().codes == [])
    try folder.write([1], to: "blobs/sha256/other")
    #expect(try verification().codes == ["name"])
  }

  /// A file more than the limit is one fault, wherever it is.
  @Test func aDirectoryHasALimitOfFiles() throws {
    func reasons(_ limit: Int) throws -> [String] {
      let inspection = try DirectoryInspection(Path(folder.path), .init(), fileLimit: limit)
      return inspection.findings.faults.map(\.reason)
    }
    for name in ["folder/a", "folder/b", "other"] { try folder.write([1], to: name) }
    #expect(try reasons(4) == [])
    for limit in 1...3 { #expect(try reasons(limit) == ["more than \(limit) files"]) }
  }

  @Test func anEmptyDirectoryIsNone() throws {
    #expect(try verification().codes == ["layout"])
    #expect(throws: Failure.self) { try Verification(directory: Path(folder.at("missing")), .init()) }
  }
}
