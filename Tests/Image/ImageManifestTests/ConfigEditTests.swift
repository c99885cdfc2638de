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

  /// The last values that are taken, next to the first that are refused.
  @Test(arguments: [
    ("10", "9223372036854775807"), ("10", "-9223372036854775808"), ("10", "9.223372036854775807e18"),
    ("10", "0"), ("10", "null"), ("10", "-0"), ("\"A=1\"", "\"=\""), ("\"A=1\"", "\"A=\""),
    ("[\"A=1\"]", "null"), ("[\"A=1\"]", "[]"), ("\"Env\":[\"A=1\"],", ""),
    ("{\"a\":\"\\u003cb\\u003e\"}", "null"), ("{\"a\":\"\\u003cb\\u003e\"}", "{\"\":\"\"}"),
    ("\"created\":\"2024-01-02T03:04:05.6Z\",", ""), ("\"2024-01-02T03:04:05.6Z\"", "null"),
    ("2024-01-02T03:04:05.6Z", "0001-01-01T00:00:00Z"),
    ("2024-01-02T03:04:05.6Z", "9999-12-31T23:59:59.999999999+23:59"),
    (",{\"created_by\":\"y\"}", ",{\"created_by\":\"y\"},{\"empty_layer\":true}"),
    (Self.history, "[]"), (Self.history, "null"), (Self.history, "[{},{\"empty_layer\":false}]"),
    ("\"os\"", "\"variant\":\"\",\"os\""), ("\"os\"", "\"variant\":null,\"os\""),
    ("\"Env\"", "\"Cmd\":null,\"Entrypoint\":[],\"OnBuild\":[\"\"],\"Shell\":null,\"Env\""),
    ("\"Env\"", "\"ExposedPorts\":{\"80/tcp\":{}},\"Volumes\":{},\"Env\""),
    ("\"Env\"", "\"Healthcheck\":{\"Test\":[\"NONE\"],\"Interval\":1e9},\"Env\""),
    ("\"Env\"", "\"x\":1e400,\"Env\""), ("\"linux\"", "\"x\""),
  ]) func takesWhatIsJustWithinTheRules(old: String, new: String) throws {
    #expect(try amended(old, new) != nil)
  }

  private static let history = "[{\"created_by\":\"x\"},{\"empty_layer\":true},{\"created_by\":\"y\"}]"

  @Test(arguments: [
    ("10", "9223372036854775808", "config.StopTimeout"),
    ("10", "-9223372036854775809", "config.StopTimeout"),
    ("10", "9.2233720368547758075e18", "config.StopTimeout"), ("10", "\"10\"", "config.StopTimeout"),
    ("10", "1e-1", "config.StopTimeout"), ("10", "true", "config.StopTimeout"),
    ("\"A=1\"", "\"\"", "config.Env[0]"), ("\"A=1\"", "\"A=1\",null", "config.Env[1]"),
    ("[\"A=1\"]", "{}", "config.Env"), ("\"\\u003cb\\u003e\"", "null", "config.Labels.a"),
    ("{\"a\":\"\\u003cb\\u003e\"}", "[]", "config.Labels"),
    ("2024-01-02T03:04:05.6Z", "", "created"), ("\"2024-01-02T03:04:05.6Z\"", "0", "created"),
    ("2024-01-02T03:04:05.6Z", "2024-02-30T03:04:05Z", "created"), ("05.6Z", "05.6z", "created"),
    ("05.6Z", "05.6", "created"), ("2024-01-02T", "2024-01-02 ", "created"), ("T03:", "T24:", "created"),
    (",{\"created_by\":\"y\"}", ",{\"created_by\":\"y\"},{}", "history"),
    ("\"empty_layer\":true", "\"empty_layer\":false", "history"),
    ("\"empty_layer\":true", "\"empty_layer\":null", "history"),
    ("\"empty_layer\":true", "\"empty_layer\":1", "history[1].empty_layer"),
    ("{\"created_by\":\"x\"}", "1", "history[0]"),
    ("\"created_by\":\"x\"", "\"author\":[]", "history[0].author"),
    ("\"history\":[", "\"history\":{},\"x\":[", "history"), ("\"linux\"", "\"\"", "os"),
    ("\"linux\"", "null", "os"), ("\"os\"", "\"x\"", "os"), ("\"amd64\"", "7", "architecture"),
    ("\"type\":\"layers\",", "", "rootfs.type"), ("\"rootfs\"", "\"x\"", "rootfs"),
    ("\"diff_ids\"", "\"x\"", "rootfs.diff_ids"),
    ("\"Env\"", "\"Entrypoint\":[[]],\"Env\"", "config.Entrypoint[0]"),
    ("\"Env\"", "\"OnBuild\":{},\"Env\"", "config.OnBuild"),
    ("\"Env\"", "\"ExposedPorts\":[],\"Env\"", "config.ExposedPorts"),
    ("\"Env\"", "\"ExposedPorts\":{\"80\":null},\"Env\"", "config.ExposedPorts.80"),
    ("\"Env\"", "\"Healthcheck\":[],\"Env\"", "config.Healthcheck"),
    ("\"Env\"", "\"Healthcheck\":{\"Test\":\"x\"},\"Env\"", "config.Healthcheck.Test"),
    ("\"Env\"", "\"Healthcheck\":{\"Interval\":1e19},\"Env\"", "config.Healthcheck.Interval"),
    ("\"Env\"", "\"User\":0,\"Env\"", "config.User"), ("\"config\":{", "\"config\":1,\"x\":{", "config"),
  ]) func refusesWhatIsJustOutside(old: String, new: String, path: String) throws {
    let failure = try #require(throws: Failure.self) { try amended(old, new) }
    #expect(failure.kind == .badData)
    #expect(failure.subject == path)
  }

  /// One fault for each rule, with the words for it.
  @Test(arguments: [
    ("\"linux\"", "\"\"", "os: expected a string that is not empty"),
    ("\"os\"", "\"variant\":1,\"os\"", "variant: expected a string"),
    ("05.6Z", "05.6", "created: expected a time such as 1970-01-01T00:00:00Z (RFC 3339)"),
    ("10", "1.5", "config.StopTimeout: expected an integer of 64 bits"),
    ("\"rootfs\"", "\"x\"", "rootfs: missing"),
    ("\"type\":\"layers\"", "\"type\":\"x\"", "rootfs.type: expected \"layers\""),
    (names, "", "rootfs.diff_ids: not the digests of the layers in order; layers cannot be edited"),
    (
      ",{\"created_by\":\"y\"}", "",
      "history: 1 entries without empty_layer for 2 layers; delete all or add the rest"
    ),
    ("\"history\":[", "\"history\":{},\"x\":[", "history: expected an array"),
    ("\"empty_layer\":true", "\"empty_layer\":1", "history[1].empty_layer: expected true or false"),
    ("{\"created_by\":\"x\"}", "1", "history[0]: expected an object"),
    ("\"A=1\"", "\"A\"", "config.Env[0]: expected NAME=VALUE"),
    ("[\"A=1\"]", "{}", "config.Env: expected an array of strings"),
    ("\"A=1\"", "1", "config.Env[0]: expected a string"),
    ("\"\\u003cb\\u003e\"", "2", "config.Labels.a: expected a string"),
    ("\"os\"", "\"OS\":\"x\",\"os\"", "two members whose names differ only in case"),
    // A member that is null does not hide the next one.
    (
      "\"Env\"", "\"ExposedPorts\":null,\"Volumes\":{\"/v\":1},\"Env\"", "config.Volumes./v: expected an object"
    ),
    (
      "\"config\":{", "\"config\":null,\"container_config\":{\"Cmd\":1},\"x\":{",
      "container_config.Cmd: expected an array of strings"
    ),
  ]) func theRuleIsNamed(old: String, new: String, message: String) throws {
    let failure = try #require(throws: Failure.self) { try amended(old, new) }
    #expect("\(failure)" == message)
  }

  /// Without layers, the list of their digests may be absent, but nothing else.
  @Test(arguments: [
    ("", true), (",\"diff_ids\":null", true), (",\"diff_ids\":[]", true), (",\"diff_ids\":{}", false),
    (",\"diff_ids\":\"\"", false), (",\"diff_ids\":0", false), (",\"diff_ids\":[\(names)]", false),
  ]) func anImageWithoutLayersHasNoDigests(diffIDs: String, isGood: Bool) throws {
    let text = "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\"\(diffIDs)}}"
    let content = try JSONValue(parsing: Array(text.utf8))
    func amended() throws(Failure) -> [UInt8]? { try amendedConfig([], content: content, diffIDs: []) }
    if isGood {
      #expect(try amended() == Array(text.utf8))
    } else {
      #expect(#expect(throws: Failure.self) { try amended() }?.subject == "rootfs.diff_ids")
    }
  }

  /// What each jq writes for the texts of the original.
  @Test func valuesAsJqWritesThemAreEqual() throws {
    let original = Array(#"{"a":"\/\u00e9\u2028\u007f\u003c\u0000","n":[1.50e+2,1.0],"d":1,"d":2}"#.utf8)
    for written in [
      "{\"a\":\"/é\u{2028}\\u007f<\\u0000\",\"n\":[150,1],\"d\":2}",
      "{\"d\":2,\"n\":[150,1.0],\"a\":\"/é\u{2028}\u{7f}<\\u0000\"}",
    ] {
      let content = try JSONValue(parsing: Array(written.utf8))
      #expect(try JSONValue(parsing: original, rules: .lenient).equals(content))
    }
    // Each byte that is no UTF-8 is read as one U+FFFD.
    let invalid = try JSONValue(parsing: [0x22, 0xE4, 0xFF, 0x22], rules: .lenient)
    #expect(try invalid.equals(JSONValue(parsing: Array("\"\u{FFFD}\u{FFFD}\"".utf8))))
  }

  @Test(arguments: [
    (#"{ "a" : [ 1 , { } ] }"#, #"{"a":[1,{}]}"#), (#"{"z":1,"a":2,"z":3}"#, #"{"z":3,"a":2}"#),
    (
      #"["\/\u003c>&\u2028é\u001f\n\t\b\f\u007f"]"#,
      #"["/\u003c\u003e\u0026\u2028é\u001f\n\t\b\f"# + "\u{7f}\"]"
    ),
    (
      #"{"x":1e+16,"Size":1e+16,"a":{"Memory":1.0}}"#,
      #"{"x":1e+16,"Size":10000000000000000,"a":{"Memory":1}}"#
    ), (#"[1.50e+2,1.0,-0,1E400]"#, #"[1.50e+2,1.0,-0,1E400]"#), ("null", "null"),
  ]) func configsAreCompact(text: String, encoded: String) throws {
    let value = try JSONValue(parsing: Array(text.utf8), rules: .lenient)
    #expect(String(decoding: encodedConfig(value), as: UTF8.self) == encoded)
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
