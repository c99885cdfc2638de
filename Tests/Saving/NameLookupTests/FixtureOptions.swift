import Diagnostics
import ImageModel
import NameLookup
import POSIX

/// A registries.conf with search registries and aliases, or an unreadable one.
struct FixtureShortNames: ShortNames {
  var registries: [String] = []
  var aliases: [String: String] = [:]
  var failure: Failure?

  static let searching = FixtureShortNames(
    registries: ["quay.io", "docker.io", "registry.example.com:5000"],
    aliases: ["foo": "quay.io/acme/foo", "ali/as": "quay.io/ns/sub/deep", "list": "localhost/list"])
  static let broken = FixtureShortNames(failure: Failure(.badData, "registries.conf", "not TOML"))

  func alias(for repository: String) throws(Failure) -> String? {
    if let failure { throw failure }
    return aliases[repository]
  }

  var searchRegistries: [String] {
    get throws(Failure) {
      if let failure { throw failure }
      return registries
    }
  }
}

extension FileProbe {
  /// A machine with an empty current directory and a few files.
  static let fixture = FileProbe(
    presence: { isFixture($0) ? .present : .absent }, resolves: { isFixture($0) || $0 == "." },
    isReadable: { isFixture($0) })

  private static func isFixture(_ path: Path) -> Bool {
    ["/", "/tmp", "/tmp/", "/etc", "/etc/", "/etc/passwd", "/var/lib/oci/"].contains(path)
  }
}

extension LookupOptions {
  /// Options of a machine like the one that produced the expected results.
  static func fixture(
    platform: Platform? = nil, shortNames: any ShortNames = NoShortNames(), notes: Notes = Notes()
  ) -> LookupOptions {
    LookupOptions(
      platform: platform, host: { Platform(os: "linux", architecture: "amd64") }, shortNames: shortNames,
      files: .fixture, note: { notes.append($0) })
  }
}

/// The notes of a lookup.
final class Notes: Sendable {
  private let notes = Lock<[LookupNote]>([])

  var all: [LookupNote] { notes.withLock { $0 } }

  func append(_ note: LookupNote) {
    notes.withLock { $0.append(note) }
  }
}
