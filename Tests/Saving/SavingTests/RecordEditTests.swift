import Compression
import Diagnostics
import Digests
import Foundation
import ImageModel
import ImageRecord
import StoreFixtures
import Testing
import Verification

/// Edits at random: an error that names the member, or an image that is saved and verified.
@Suite(.timeLimit(.minutes(5))) struct RecordEditTests {
  private static let names = [
    "created", "architecture", "os", "variant", "author", "config", "rootfs", "history", "diff_ids", "type",
    "Env", "Cmd", "Entrypoint", "Labels", "Volumes", "ExposedPorts", "Healthcheck", "StopTimeout", "User",
    "WorkingDir", "OnBuild", "Shell", "empty_layer", "created_by", "Memory", "x", "OS",
  ]

  private func value(_ generator: inout SystemRandomNumberGenerator) -> Any {
    switch Int.random(in: 0..<15, using: &generator) {
    case 0: return NSNull()
    case 1: return ""
    case 2: return "A=<1>\u{2028}é\u{1}"
    case 3: return "1970-01-01T00:00:00Z"
    case 4: return "layers"
    case 5: return ["A=1", "B="]
    case 6: return ["x", 1] as [Any]
    case 7: return ["a": "b"]
    case 8: return ["/v": [:] as [String: Any]]
    case 9: return true
    case 10: return Int.random(in: Int.min...Int.max, using: &generator)
    case 13: return Int.random(in: Int.min / 10...0, using: &generator) * 10
    case 11: return 1e19
    case 12: return ["Test": ["CMD", "x"], "Interval": 1_000_000_000] as [String: Any]
    default: return [] as [Any]
    }
  }

  /// A value with one member or element changed, added or removed, at any depth.
  private func changed(_ old: Any, _ generator: inout SystemRandomNumberGenerator) -> Any {
    if Int.random(in: 0..<4, using: &generator) == 0 { return value(&generator) }
    if var object = old as? [String: Any] {
      let name =
        Bool.random(using: &generator)
        ? object.keys.sorted().randomElement(using: &generator) : Self.names.randomElement(using: &generator)
      guard let name else { return value(&generator) }
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: object[name] = nil
      default: object[name] = changed(object[name] ?? NSNull(), &generator)
      }
      return object
    }
    if var array = old as? [Any], !array.isEmpty {
      let index = array.indices.randomElement(using: &generator) ?? 0
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: array.remove(at: index)
      case 1: array.append(array[index])
      default: array[index] = changed(array[index], &generator)
      }
      return array
    }
    return value(&generator)
  }

  @Test func anEditFailsOrIsSaved() throws {
    let fixture = try Fixture(golden: false)
    let record = try #require(try resolve(["localhost/sample:1.0"], in: fixture.store.location).first)
    let line = try Data(record.addingContent().line)
    var generator = SystemRandomNumberGenerator()
    var (saved, refused) = (0, 0)
    for _ in 0..<300 {
      var object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
      var config = try #require(object["config"] as? [String: Any])
      let content = changed(try #require(config["content"]), &generator)
      config["content"] = content
      object["config"] = config
      let text = try JSONSerialization.data(withJSONObject: object)
      let edit = try #require(ImageRecord.records(in: Array(text), acceptingEdits: true).first)
      do {
        let amended = try edit.amended()
        if saved >= 20 { continue }
        saved += 1
        // A record of the next program, which is read from its text.
        let next = try #require(ImageRecord.records(in: amended.line).first)
        let bytes = try archive([next], in: fixture.folder)
        let verification = try Verification(
          archive: MemoryBytes(bytes, name: "archive.tar"), Verification.Options())
        #expect(verification.findings.faults.map(\.code) == [], "\(content)")
        #expect(next.config?.digest.hex == next.id)
        #expect(String(decoding: bytes, as: UTF8.self).contains("\"\(next.id).json\""))
        let config = try JSONSerialization.jsonObject(with: Data(next.config?.bytes ?? [])) as? NSDictionary
        // Read from text as well: Foundation takes an Int for another number than the same negative one that it read.
        let edited = try JSONSerialization.data(withJSONObject: content)
        #expect(config == (try JSONSerialization.jsonObject(with: edited) as? NSDictionary))
      } catch let failure as Failure {
        refused += 1
        #expect(failure.kind == .badData)
        #expect(failure.subject == "localhost/sample:1.0")
        #expect(failure.reason.hasPrefix("config.content"), "\(failure)")
      }
    }
    #expect(saved == 20 && refused > 20)
  }
}
