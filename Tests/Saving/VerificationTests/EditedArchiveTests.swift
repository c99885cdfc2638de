import Digests
import StoreFixtures
import Testing
import Verification

/// Faults that take more than a changed byte: the archive is written again.
@Suite struct EditedArchiveTests {
  /// A good archive with texts replaced in one file.
  private func edited(_ name: String, _ file: String, _ changes: [(String, String)]) throws -> Verification {
    var files = try Archives.files("faults/\(name)")
    for index in files.indices where files[index].name == file {
      var text = String(decoding: files[index].bytes, as: UTF8.self)
      for (old, new) in changes {
        #expect(text.contains(old))
        text = text.replacing(old, with: new)
      }
      files[index].bytes = Array(text.utf8)
    }
    return try verify(Archives.tar(files))
  }

  @Test(arguments: [
    ("oci-good", "index.json", "\"schemaVersion\":2,", "\"schemaVersion\":2,\"schemaVersion\":2,", "json"),
    ("oci-good", "index.json", "\"size\":847", "\"size\":848", "size"),
    ("oci-good", "index.json", "\"size\":847", "\"size\":-1", "json"),
    ("oci-good", "index.json", "sha256:3f7b", "sha256:4f7b", "missing"),
    ("oci-good", "index.json", "sha256:3f7b", "sha512:3f7b", "json"),
    ("oci-good", "index.json", "oci.image.manifest.v1", "oci.image.manifest.v9", "media-type"),
    ("oci-good", "index.json", "oci.image.manifest.v1+json", "oci.image.index.v1+json", "json"),
    ("oci-good", "index.json", "localhost/acme/app:1", "localhost/Acme/app:1", "name"),
    ("oci-good", "index.json", "schemaVersion", "schemaVersioo", "layout"),
    ("oci-good", "index.json", "oci.image.index.v1", "oci.image.index.v9", "media-type"),
    (
      "oci-good", "index.json", "ref.name\":\"localhost/acme/app:1", "ref.name\":\"localhost/acme/app:2", "name"
    ),
    ("oci-good", "index.json", "{\"schemaVersion\"", "[\"schemaVersion\"", "json"),
    ("oci-good", "oci-layout", "1.0.0", "1.1.0", "layout"),
    ("docker-good", "manifest.json", "localhost/acme/app:1", "localhost/acme/app", "name"),
    ("docker-good", "manifest.json", "localhost/acme/app:1", "localhost/acme/app:1\",\"x y:1", "name"),
    ("docker-good", "manifest.json", "\"RepoTags\"", "\"Layers\":[],\"RepoTags\"", "json"),
    ("docker-good", "manifest.json", "\"RepoTags\"", "\"layers\":[],\"RepoTags\"", "json"),
    ("docker-good", "manifest.json", "\"Config\"", "\"Confog\"", "json"),
    ("docker-good", "manifest.json", "[{", "[[{", "json"),
    ("hybrid-good", "manifest.json", "acme/app:1", "acme/app:2", "mismatch-manifests"),
    ("hybrid-good", "index.json", "acme/app:1", "acme/app:2", "mismatch-manifests"),
  ])
  func textsAreChecked(name: String, file: String, old: String, new: String, code: String) throws {
    #expect(try edited(name, file, [(old, new)]).codes.contains(code))
  }

  @Test func aRewrittenArchiveIsGood() throws {
    for name in ["docker-good", "oci-good", "hybrid-good"] {
      #expect(try verify(Archives.tar(Archives.files("faults/\(name)"))).codes == [])
    }
  }

  /// Two images cannot have one name.
  @Test func namesBelongToOneImage() throws {
    for (name, file) in [("oci-multi-both", "index.json"), ("hybrid-multi-none", "manifest.json")] {
      var files = try Archives.files("archives/\(name)")
      for index in files.indices where files[index].name == file {
        let text = String(decoding: files[index].bytes, as: UTF8.self)
        files[index].bytes = Array(text.replacing("localhost/acme/base:1", with: "localhost/acme/app:1").utf8)
      }
      #expect(try verify(Archives.tar(files)).codes.contains("name"))
    }
  }

  @Test func namesOfMembersStayInside() throws {
    let files = try Archives.files("faults/docker-good")
    func codes(_ name: String) throws -> [String] { try verify(Archives.tar(files + [(name, [])])).codes }
    #expect(try codes("../outside") == ["name"])
    #expect(try codes("/absolute") == ["name"])
    #expect(try codes("./manifest.json") == ["duplicate-member", "json"])
    #expect(try codes("other") == [])
  }

  @Test func fillingIsZero() throws {
    var bytes = Archives.tar(try Archives.files("faults/docker-good"))
    // The end of the block of manifest.json, before the two zero blocks.
    bytes[bytes.count - 1025] = 1
    let verification = try verify(bytes)
    #expect(verification.codes == ["trailing-data"])
    #expect(verification.findings.faults[0].member == "manifest.json")
  }

  @Test func longNamesInAllAreRefused() throws {
    var bytes: [UInt8] = []
    let record = Array("4000 path=".utf8)
    for number in 0..<4300 {
      let name =
        record + [UInt8](repeating: 0x61, count: 4000 - record.count - 6) + Array("\(10000 + number)\n".utf8)
      bytes += paxHeader(name) + TarHeaderBytes.empty
    }
    #expect(try verify(bytes + [UInt8](repeating: 0, count: 1024)).codes == ["tar-header"])
  }

  @Test func membersOfLayersAreCheckedOnRequest() throws {
    // The layer's only member leads outside.
    let layer = Archives.tar([("../x", Array("text".utf8))])
    let digest = SHA256.digest(of: layer)
    let config = Array(#"{"rootfs":{"type":"layers","diff_ids":["\#(digest)"]}}"#.utf8)
    let name = "\(SHA256.digest(of: config).hex).json"
    let manifest = #"[{"Config":"\#(name)","RepoTags":["localhost/a:1"],"Layers":["layer.tar"]}]"#
    for layer in [layer, gzipped(layer)] {
      let archive = Archives.tar([
        ("layer.tar", layer), (name, config), ("manifest.json", Array(manifest.utf8)),
      ])
      #expect(try verify(archive).codes == [])
      #expect(try verify(archive) { $0.isDeep = true }.codes == ["name"])
    }
  }

  /// podman and Docker leave such an image out of `repositories`, which names the last layer of each.
  @Test(arguments: [
    ("{}", []), (#"{"localhost/a":{"1":""}}"#, []), (#"{"localhost/a":{"2":""}}"#, ["name"]),
  ])
  func imagesWithoutLayersHaveNoRepository(repositories: String, codes: [String]) throws {
    let config = Array(#"{"rootfs":{"type":"layers","diff_ids":[]}}"#.utf8)
    let name = "\(SHA256.digest(of: config).hex).json"
    let manifest = #"[{"Config":"\#(name)","RepoTags":["localhost/a:1"],"Layers":[]}]"#
    let files = [
      (name, config), ("manifest.json", Array(manifest.utf8)), ("repositories", Array(repositories.utf8)),
    ]
    #expect(try verify(Archives.tar(files)).codes == codes)
  }

  private func paxHeader(_ records: [UInt8]) -> [UInt8] {
    TarHeaderBytes.header(type: 0x78, size: records.count) + records
      + [UInt8](repeating: 0, count: (512 - records.count % 512) % 512)
  }
}

/// Headers that img never writes.
enum TarHeaderBytes {
  static let empty = header(type: 0x30, size: 0)

  static func header(type: UInt8, size: Int) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func write(_ text: String, _ offset: Int) {
      block.replaceSubrange(offset..<(offset + text.utf8.count), with: Array(text.utf8))
    }
    func octal(_ value: Int, _ count: Int) -> String {
      let digits = String(value, radix: 8)
      return String(repeating: "0", count: count - digits.count) + digits
    }
    write("x", 0)
    write(octal(size, 11), 124)
    block[156] = type
    write("ustar\u{0}00", 257)
    write("        ", 148)
    write(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\0 ", 148)
    return block
  }
}
