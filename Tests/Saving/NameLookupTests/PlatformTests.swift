import Diagnostics
import Foundation
import ImageManifest
import ImageModel
import JSON
import Testing

@testable import ImageSource
@testable import NameLookup

/// A platform as in the tables; some call the architecture `arch`.
struct Parts: Decodable, Hashable, Sendable {
  let os: String
  var arch: String?
  var architecture: String?
  let variant: String
  var preferGzip: Bool?

  var platform: Platform { Platform(os: os, architecture: arch ?? architecture ?? "", variant: variant) }
}

struct NormalizeCase: Decodable, Sendable {
  let input: Parts
  let expected: Parts
}

struct PlatformTextCase: Decodable, Sendable {
  let input: Parts
  let string: String
}

struct WantedCase: Decodable, Sendable {
  let input: Parts
  let platforms: [Parts]
}

struct InstanceCase: Decodable, Sendable {
  let list: String
  let input: Parts
  let digest: String?

  /// The complete list; the tables hold only its entries.
  ///
  /// The lists were truncated; entries that results refer to are added again.
  var manifest: [UInt8] {
    get throws {
      let lists = try #require(
        JSONSerialization.jsonObject(with: Fixture.data("platform.lists")) as? [String: [Any]])
      let type =
        list.hasPrefix("schema2")
        ? MediaType.dockerManifestList : MediaType.ociIndex
      let value: [String: Any] = [
        "schemaVersion": 2, "mediaType": type.description, "manifests": try #require(lists[list]),
      ]
      return try Array(JSONSerialization.data(withJSONObject: value))
    }
  }

  func check() throws {
    let list = try ManifestList(parsing: manifest)
    #expect(list.instance(for: input.platform.compatible) == digest)
  }
}

@Suite struct PlatformTests {
  let host = Platform(os: "linux", architecture: "amd64")

  @Test(arguments: try Fixture.cases("libimage.normalize-platform", count: 10, as: NormalizeCase.self))
  func normalizes(_ row: NormalizeCase) {
    #expect(row.input.platform.normalized(host: host) == row.expected.platform)
  }

  @Test(arguments: try Fixture.cases("libimage.platform-string", count: 4, as: PlatformTextCase.self))
  func completes(_ row: PlatformTextCase) {
    let text = row.input.platform.completed(by: host).description
    #expect(text == row.string.replacing("{hostarch}", with: "amd64"))
  }

  @Test(arguments: try Fixture.cases("platform.wanted", count: 5, as: WantedCase.self))
  func ordersVariants(_ row: WantedCase) {
    #expect(row.input.platform.compatible == row.platforms.map(\.platform))
  }

  @Test(arguments: try Fixture.cases("platform.choose-instance", count: 10, as: InstanceCase.self))
  func choosesInstances(_ row: InstanceCase) throws {
    try row.check()
  }

  /// Skips the eight of 20 cases that prefer gzip, which a lookup never does.
  @Test(arguments: try Fixture.cases("platform.choose-instance-compression", count: 20, as: InstanceCase.self))
  func prefersZstd(_ row: InstanceCase) throws {
    if row.input.preferGzip == false { try row.check() }
  }

  @Test(arguments: [
    ("linux/arm64", "linux/arm64"), ("Linux/aarch64/8", "linux/arm64/v8"), ("linux/arm", "linux/arm/v7"),
    ("macos/x86_64", "darwin/amd64"), ("linux/amd64/v2", "linux/amd64/v2"),
  ])
  func parses(_ text: String, _ expected: String) throws {
    #expect(try Platform(parsing: text).description == expected)
  }

  @Test(arguments: [
    "", "linux", "linux/", "/arm64", "linux/arm64/", "linux/arm64/v8/x", "linux/ärm", "li nux/arm",
  ])
  func refuses(_ text: String) {
    #expect(throws: Failure.self) { try Platform(parsing: text) }
  }

  @Test func takesMissingPartsFromTheHost() {
    func wanted(_ os: String, _ architecture: String, _ variant: String) -> Platform? {
      let arm = Platform(os: "linux", architecture: "arm", variant: "v6")
      return Platform.wanted(
        Platform(os: os, architecture: architecture, variant: variant), host: { arm }
      ).first
    }
    #expect(wanted("", "", "") == Platform(os: "linux", architecture: "arm", variant: "v6"))
    #expect(wanted("", "arm", "") == Platform(os: "linux", architecture: "arm"))
    #expect(wanted("freebsd", "", "v5") == Platform(os: "freebsd", architecture: "arm", variant: "v6"))
  }

  @Test(arguments: [
    ("CPU architecture: 8\n", "v8"), ("CPU architecture\t: AArch64\n", "v8"),
    ("model name\t: ARMv6-compatible processor rev 7\nCPU architecture: 7\n", "v6"),
    ("model name : ARMv7 Processor\nCPU architecture: 7\nCPU architecture: 5\n", "v7"),
    ("CPU architecture: 7\n", ""), ("CPU architecture: 6TEJ\n", "v6"), ("CPU architecture: 5TE", "v5"),
    ("CPU architecture: ?(13)\n", "v7"), ("CPU architecture: 99\n", ""), ("", ""),
  ])
  func detectsVariants(_ text: String, _ expected: String) {
    #expect(armVariant(cpuInfo: Array(text.utf8)) == expected)
  }

  @Test func knowsTheHost() {
    #expect(Platform.host.os == "linux")
    #expect(Platform.host.architecture != "unknown")
  }
}
