import Diagnostics
import Digests
import JSON
import Testing

@testable import ImageManifest

@Suite struct ConfigEditTests {
  private static let layers = [SHA256.digest(of: [1]), SHA256.digest(of: [2])]
  private static let names = layers.map { "\"\($0)\"" }.joined(separator: ",")
  private static let original = """
    {"created":"2024-01-02T03:04:05.6Z","architecture":"amd64","os":"linux","config":{"Env":["A=1"],"Labels":\
    {"a":"\\u003cb\\u003e"},"StopTimeout":10},"rootfs":{"type":"layers","diff_ids":[\(names)]},"history":\
    [{"created_by":"x"},{"empty_layer":true},{"created_by":"y"}]}
    """

  private func amended(_ old: String, _ new: String) throws -> String? {
    #expect(Self.original.contains(old))
    let content = try JSONValue(parsing: Array(Self.original.replacing(old, with: new).utf8), rules: .lenient)
    return try amendedConfig(Array(Self.original.utf8), content: content, diffIDs: Self.layers).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  @Test(arguments: [
    ("\"os\"", " \"os\""), ("10", "10.0"), ("10", "1e1"), ("\\u003c", "<"),
    ("\"architecture\":\"amd64\",\"os\":\"linux\"", "\"os\":\"linux\",\"architecture\":\"amd64\""),
  ]) func equalContentKeepsTheBytes(old: String, new: String) throws {
    #expect(try amended(old, new) == nil)
  }

  @Test(arguments: [
    ("A=1", "A=<é>", "A=\\u003cé\\u003e"), ("10", "1e+16", "10000000000000000"), ("10", "11", "11"),
    ("\"y\"", "\"z\"", "\"z\""),
  ]) func onlyEditedMembersChange(old: String, new: String, written: String) throws {
    #expect(try amended(old, new) == Self.original.replacing(old, with: written))
  }

  @Test(arguments: [
    ("\"type\":\"layers\"", "\"type\":\"x\"", "rootfs.type"),
    (names, "", "rootfs.diff_ids"), ("\"linux\"", "1", "os"), ("\"amd64\"", "\"\"", "architecture"),
    ("\"os\"", "\"variant\":1,\"os\"", "variant"), ("2024-01-02T", "2024-01-02t", "created"),
    (",{\"created_by\":\"y\"}", "", "history"), ("\"created_by\":\"y\"", "\"created\":1", "history[2].created"),
    ("\"A=1\"", "\"A\"", "config.Env[0]"), ("\"Env\"", "\"Cmd\":\"x\",\"Env\"", "config.Cmd"),
    ("\"Env\"", "\"Shell\":[1],\"Env\"", "config.Shell[0]"),
    ("\"\\u003cb\\u003e\"", "2", "config.Labels.a"),
    ("\"Env\"", "\"Volumes\":{\"/v\":1},\"Env\"", "config.Volumes./v"),
    ("10", "1e+19", "config.StopTimeout"), ("10", "1.5", "config.StopTimeout"),
    ("\"Env\"", "\"Healthcheck\":{\"Retries\":\"1\"},\"Env\"", "config.Healthcheck.Retries"),
    ("\"os\"", "\"OS\":\"x\",\"os\"", ""),
  ]) func namesTheMemberThatNoImageHas(old: String, new: String, path: String) throws {
    let failure = try #require(throws: Failure.self) { try amended(old, new) }
    #expect(failure.kind == .badData)
    #expect(failure.subject == path)
  }

  @Test func findsNumbersThatWereRounded() throws {
    let original = try JSONValue(parsing: Array("{\"a\":[9007199254740993,1]}".utf8))
    let rounded = try JSONValue(parsing: Array("{\"a\":[9007199254740992,2]}".utf8))
    #expect(original.roundedNumbers(in: rounded) == ["a[0]"])
  }

  /// Any edit is an error that names a member of the config, or bytes that hold exactly the edit.
  @Test func randomEditsFailOrFit() throws {
    var generator = SystemRandomNumberGenerator()
    let tokens = Array("{}[]\"\":,0123456789etruflsnTZ-=".utf8)
    var amendedCount = 0
    for _ in 0..<20_000 {
      var text = Array(Self.original.utf8)
      for _ in 0...Int.random(in: 0...1, using: &generator) {
        let place = Int.random(in: 0..<text.count, using: &generator)
        text[place] = tokens.randomElement(using: &generator) ?? 0x30
      }
      guard let content = try? JSONValue(parsing: text, rules: .strictWithMaps) else { continue }
      do {
        guard let bytes = try amendedConfig(Array(Self.original.utf8), content: content, diffIDs: Self.layers)
        else { continue }
        amendedCount += 1
        #expect(try JSONValue(parsing: bytes).equals(content))
        #expect(diffIDs(ofConfig: bytes) == Self.layers)
      } catch let failure as Failure {
        #expect(failure.kind == .badData)
      }
    }
    #expect(amendedCount > 100)
  }
}
