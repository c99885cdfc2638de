import JSON
import Testing
import Verification

@Suite struct VerifyReportTests {
  private func report(_ name: String) throws -> JSONValue {
    let verification = try verify(Archives.archive(name)) { $0.hashesArchive = true }
    let line = VerifyReport(verification, path: "a.tar").line
    #expect(line.last == 0x0A)
    return try JSONValue(parsing: line, rules: .strict)
  }

  @Test func aReportDescribesTheImages() throws {
    let report = try report("faults/hybrid-good")
    #expect(report["schema"]?.string == "img-verify/1")
    #expect(report["path"]?.string == "a.tar")
    #expect(report["kind"]?.string == "hybrid")
    #expect(report["size"]?.int64 == 19456)
    #expect(report["sha256"]?.string?.count == 64)
    #expect(report["faults"].map { Array($0.elements).count } == 0)
    let images = report["images"].map { Array($0.elements) } ?? []
    #expect(images.count == 1)
    #expect(images[0]["tags"]?.elements.map(\.string) == ["localhost/acme/app:1"])
    #expect(images[0]["id"]?.string?.hasPrefix("66c03359") == true)
    #expect(images[0]["entry"]?.string == "both")
    #expect(images[0]["manifest"]?["size"]?.int64 == 847)
    #expect(images[0]["layers"].map { Array($0.elements).count } == 4)
  }

  @Test func faultsHaveTheirCodes() throws {
    let faults = try Array(#require(report("faults/hybrid-layer-size")["faults"]).elements)
    #expect(faults.map { $0["code"]?.string } == ["size"])
    #expect(faults[0]["image"]?.string == "localhost/acme/app:1")
    #expect(faults[0]["expected"]?.string == "2049")
    #expect(faults[0]["found"]?.string == "2048")
    let notes = try Array(#require(report("faults/docker-stray-blob")["notes"]).elements)
    #expect(notes.map { $0["code"]?.string } == ["unreferenced"])
  }
}
