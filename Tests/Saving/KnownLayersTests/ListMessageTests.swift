import Diagnostics
import Digests
import ImageModel
import KnownLayers
import POSIX
import StoreFixtures
import Testing

/// Why a list is refused, and what is left of one in which something is strange.
@Suite struct ListMessageTests {
  private let a = digest("a")
  private let b = digest("b")

  private static let remedy =
    "podman image inspect $(podman images -q), docker image inspect $(docker images -q)"

  @Test(arguments: [
    ("", "empty; the command before it may have failed"), ("nonsense", "no list of layers (\(remedy))"),
    (#"{"RootFS":{"Layers":"x"}}"#, "RootFS.Layers is no list"),
    (#"{"RootFS":{"Layers":[1]}}"#, "RootFS.Layers has something other than sha256 digests"),
    (#"{"rootfs":{"diff_ids":["md5:1"]}}"#, "rootfs.diff_ids has something other than sha256 digests"),
    (#"{"OCIv1":{"rootfs":{"diff_ids":1}}}"#, "OCIv1.rootfs.diff_ids is no list"),
    (#"{"info":{"imageSpec":{"rootfs":{"diff_ids":1}}}}"#, "info.imageSpec.rootfs.diff_ids is no list"),
    (#"{"Digest":"x","Layers":1}"#, "Layers is no list"),
    (#"{"schema":"img/1"}"#, "a record without layers"),
    (#"{"schema":"img/1","layers":{}}"#, "a record without layers"),
    (#"{"schema":"img/1","layers":[{}]}"#, "layers has something other than sha256 digests"),
    ("\(digest("a"))\n{}\n", "lines and JSON in one list"),
    (#"{"input":"x","error":{"message":"not known"}}"#, "x: not known"),
    (#"{"schema":"img/1","error":{}}"#, "an earlier tool failed"),
    // Not of one of the tools.
    (#"{"error":{"message":"not known"}}"#, "no list of layers (\(remedy))"),
    (#"{"input":"x","error":"not known"}"#, "no list of layers (\(remedy))"),
    (
      #"[{"Id":"1","RepoTags":["a:1"]}]"#,
      "the output of podman images names no layers (use podman image inspect $(podman images -q))"
    ),
    (
      #"[{"Id":"1","Names":["a:1"]}]"#,
      "the output of podman images names no layers (use podman image inspect $(podman images -q))"
    ),
    // podman ps: containers.
    (#"[{"Id":"1","Names":["a"],"State":"running"}]"#, "no list of layers (\(remedy))"),
    (#"[{"Names":["a"]}]"#, "no list of layers (\(remedy))"),
  ])
  func theReasonIsNamed(text: String, reason: String) throws {
    let failure = try #require(ListFixture.failure(text: text))
    #expect(failure.kind == .badData && failure.reason == reason)
    // Its path, once.
    #expect(failure.subject.hasSuffix("/list") && !failure.reason.contains("/list"))
  }

  @Test func aMissingFileIsNamedOnce() {
    let failure = #expect(throws: Failure.self) { try LayerList(at: "/nowhere/list") }
    #expect(failure == Failure(.notFound, "/nowhere/list", "No such file or directory"))
  }

  @Test func oneValueWithoutLayersIsOne() throws {
    let text = #"{"a":1} {"rootfs":{"diff_ids":["\#(a)"]}}"#
    let list = try ListFixture.list(text: text)
    #expect(list.known.chains == [a])
    #expect(list.notes == ["1 JSON value names no layers"])
  }

  /// Brackets that are no list give digests without an order.
  @Test(arguments: ["[A B", "A B]", "[A\nB]", "[A latest B]", "x [A B]", "# A\nA, B"])
  func onlyAWholeLineOfDigestsInBracketsIsAnImage(form: String) throws {
    let text = form.replacing("A", with: "\(a)").replacing("B", with: "\(b)")
    let known = try ListFixture.list(text: text + "\n").known
    #expect(known.chains.isEmpty && known.digests == [a, b])
  }

  @Test(arguments: ["[A B]", "  [A B]  ", "[A, B]", "[A B]\r", #"["A","B"]"#, #" ["A", "B"]"#])
  func aLineOfDigestsInBracketsIsAnImage(form: String) throws {
    let text = form.replacing("A", with: "\(a)").replacing("B", with: "\(b)")
    let known = try ListFixture.list(text: text + "\n").known
    #expect(known.digests.isEmpty && known.chains == Set(chainIDs(of: [a, b])))
  }

  // MARK: - Archives and directories

  /// A directory of images as docker save writes it, or a tar of it.
  private func failureOrLayers(
    _ files: [(String, String)], isTar: Bool
  ) throws -> (reason: String?, list: LayerList?) {
    let folder = try TemporaryDirectory()
    if isTar {
      var tar = TarBuilder()
      for (name, text) in files { tar.file(name, Array(text.utf8)) }
      try folder.write(tar.finish().bytes, to: "images")
    } else {
      try folder.makeDirectory("images")
      for (name, text) in files { try folder.write(text, to: "images/" + name) }
    }
    do throws(Failure) {
      return (nil, try LayerList(at: Path(folder.at("images"))))
    } catch let failure {
      #expect(failure.subject == folder.at("images") && failure.kind == .badData)
      return (failure.reason, nil)
    }
  }

  private func config(_ layers: Digest...) -> String {
    #"{"rootfs":{"diff_ids":[\#(layers.map { "\"\($0)\"" }.joined(separator: ","))]}}"#
  }

  @Test(arguments: [false, true])
  func imagesAfterARepeatedOrMissingOneCount(isTar: Bool) throws {
    let files = [
      ("manifest.json", #"[{"Config":"no.json"},{"Config":"a.json"},{"Config":"a.json"},{"Config":"b.json"}]"#),
      ("a.json", config(a)), ("b.json", config(b)),
    ]
    let list = try #require(try failureOrLayers(files, isTar: isTar).list)
    #expect(list.known.chains == [a, b])
    #expect(list.notes.count == 1 && list.notes[0].hasSuffix(": 1 images without a config are not counted"))
  }

  @Test(arguments: [false, true])
  func manifestsAfterARepeatedOrMissingOneCount(isTar: Bool) throws {
    var files: [(String, String)] = []
    func blob(_ text: String) -> String {
      files.append(("blobs/sha256/\(digest(text).hex)", text))
      return #""digest":"\#(digest(text))","size":\#(text.utf8.count)"#
    }
    let type = "application/vnd.oci.image"
    func manifest(_ config: String, _ note: String) -> String {
      blob(
        #"{"schemaVersion":2,"mediaType":"\#(type).manifest.v1+json","config":{"mediaType":"\#(type).config.v1+json",\#(blob(config))},"layers":[],"annotations":{"n":"\#(note)"}}"#
      )
    }
    let missing = #""digest":"\#(digest("missing"))","size":1"#
    let manifests = [missing, manifest(config(a), "1"), manifest(config(a), "2"), manifest(config(b), "3")]
    let entries = manifests.map { #"{"mediaType":"\#(type).manifest.v1+json",\#($0)}"# }
    files.append(("index.json", #"{"schemaVersion":2,"manifests":[\#(entries.joined(separator: ","))]}"#))
    let list = try #require(try failureOrLayers(files, isTar: isTar).list)
    #expect(list.known.chains == [a, b])
    #expect(list.notes.count == 1)
  }

  @Test(arguments: [
    (
      #"[{"Config":"c.json"}]"#, #"{"rootfs":{"diff_ids":["md5:1"]}}"#,
      "a diffID in a config is not a sha256 digest"
    ),
    (#"[{"Config":"c.json"}]"#, "[1", "config: malformed JSON: "),
    (#"[{"Layers":[]}]"#, "", "manifest.json: an image without config"),
    (#"[{"Config":"x.json"}]"#, "{}", "no images in it whose config is there"),
    ("[1", "{}", "manifest.json: malformed JSON: "), ("[]", "{}", "no images in it whose config is there"),
  ])
  func damageIsNamed(manifest: String, config: String, reason: String) throws {
    for isTar in [false, true] {
      let found = try failureOrLayers([("manifest.json", manifest), ("c.json", config)], isTar: isTar).reason
      #expect(found?.hasPrefix(reason) == true, "\(found ?? "no failure")")
    }
  }

  /// The longest config that readers take has 4 MiB; white space is JSON, too.
  @Test(arguments: [false, true], [0, 1])
  func aConfigHasALimit(isTar: Bool, excess: Int) throws {
    let text = config(a)
    let padding = String(repeating: " ", count: (4 << 20) - text.utf8.count + excess)
    let files = [("manifest.json", #"[{"Config":"c.json"}]"#), ("c.json", padding + text)]
    // A text that starts with too many blanks is no JSON to an archive's reader, which looks at one block.
    let (reason, list) = try failureOrLayers(
      isTar ? [files[0], ("c.json", text + padding)] : files, isTar: isTar)
    if excess == 0 {
      #expect(list?.known.chains == [a])
    } else {
      #expect(reason != nil)
    }
  }

  @Test func nestedIndexesHaveALimit() throws {
    for (depth, isRead) in [(3, true), (4, false)] {
      let folder = try TemporaryDirectory()
      func blob(_ text: String, _ type: String) throws -> String {
        try folder.write(text, to: "image/blobs/sha256/\(digest(text).hex)")
        return
          #"{"digest":"\#(digest(text))","size":\#(text.utf8.count),"mediaType":"application/vnd.oci.image.\#(type).v1+json"}"#
      }
      let config = try blob(config(a), "config")
      var entry = try blob(#"{"schemaVersion":2,"config":\#(config),"layers":[]}"#, "manifest")
      for _ in 0..<depth { entry = try blob(#"{"schemaVersion":2,"manifests":[\#(entry)]}"#, "index") }
      try folder.write(#"{"schemaVersion":2,"manifests":[\#(entry)]}"#, to: "image/index.json")
      if isRead {
        #expect(try LayerList(at: Path(folder.at("image"))).known.chains == [a])
      } else {
        let failure = #expect(throws: Failure.self) { try LayerList(at: Path(folder.at("image"))) }
        #expect(failure == Failure(.badData, folder.at("image"), "too many indexes in indexes"))
      }
    }
  }
}
