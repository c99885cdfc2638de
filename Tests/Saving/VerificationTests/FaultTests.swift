import Diagnostics
import Digests
import KnownLayers
import StoreFixtures
import Testing
import Verification

@Suite struct FaultTests {
  /// The kind of each archive with its faults and remarks.
  static let expected: [(String, String, faults: [String], notes: [String])] = [
    ("faults/docker-config-edited", "docker", ["digest"], []),
    ("faults/docker-config-missing", "docker", ["missing"], []),
    ("faults/docker-config-twice", "docker", ["digest", "duplicate-member"], []),
    ("faults/docker-cut", "unknown", ["no-trailer"], []),
    ("faults/docker-good", "docker", [], []),
    ("faults/docker-junk-after", "docker", ["trailing-data"], []),
    ("faults/docker-layer-long", "docker", ["diff-id"], []),
    ("faults/docker-layer-missing", "docker", ["missing"], []),
    ("faults/docker-layer-short", "docker", ["diff-id"], []),
    ("faults/docker-no-trailer", "docker", ["no-trailer"], []),
    ("faults/docker-stray-blob", "docker", [], ["unreferenced"]),
    ("faults/docker-swapped-manifest-json", "docker", ["order"], []),
    ("faults/hybrid-config-edited", "hybrid", ["digest"], []),
    ("faults/hybrid-config-missing", "hybrid", ["missing"], []),
    ("faults/hybrid-config-twice", "hybrid", ["digest", "duplicate-member"], []),
    ("faults/hybrid-cut", "hybrid", ["missing", "no-trailer"], []),
    ("faults/hybrid-good", "hybrid", [], []),
    ("faults/hybrid-junk-after", "hybrid", ["trailing-data"], []),
    ("faults/hybrid-layer-byte", "hybrid", ["diff-id", "digest"], []),
    ("faults/hybrid-layer-long", "hybrid", ["diff-id", "digest", "size"], []),
    ("faults/hybrid-layer-missing", "hybrid", ["missing"], []),
    ("faults/hybrid-layer-size", "hybrid", ["size"], []),
    ("faults/hybrid-no-oci-layout", "hybrid", ["layout"], []),
    ("faults/hybrid-no-trailer", "hybrid", ["no-trailer"], []),
    ("faults/hybrid-stray-blob", "hybrid", ["digest"], ["unreferenced"]),
    ("faults/hybrid-swapped-layers", "hybrid", ["order"], []),
    ("faults/hybrid-swapped-manifest-json", "hybrid", ["order"], []),
    ("faults/oci-config-missing", "oci", ["missing"], []),
    ("faults/oci-cut", "oci", ["missing", "no-trailer"], []),
    ("faults/oci-good", "oci", [], []),
    ("faults/oci-layer-long", "oci", ["diff-id", "digest", "size"], []),
    ("faults/oci-layer-missing", "oci", ["missing"], []),
    ("faults/oci-swapped-layers", "oci", ["order"], []),
    ("archives/hybrid-blobs-first", "hybrid", [], []),
    ("archives/hybrid-multi-none", "hybrid", [], []),
    ("archives/hybrid-no-name", "hybrid", [], ["name"]),
    ("archives/hybrid-one-none", "hybrid", [], []),
    ("archives/hybrid-two-names", "hybrid", [], []),
    ("archives/list-amd64-only", "oci", ["missing"], []),
    ("archives/list-trimmed", "oci", [], []),
    ("archives/oci-multi-both", "oci", [], []),
    ("archives/oci-multi-ctr", "oci", [], []),
    ("archives/oci-multi-docker", "oci", [], []),
    ("archives/oci-multi-full", "oci", [], []),
    ("archives/oci-one-ctr", "oci", [], []),
    ("archives/oci-one-docker", "oci", [], []),
    ("archives/oci-one-full", "oci", [], []),
    ("archives/oci-one-tag", "oci", [], ["name"]),
    ("archives/oci-two-names", "oci", [], []),
    ("archives/sparse-app-mixed", "hybrid", ["missing"], []),
    ("archives/sparse-app-oci", "oci", ["missing"], []),
    ("archives/sparse-app-too-much", "hybrid", ["missing"], []),
    ("archives/sparse-base-docker", "docker", [], []),
    ("archives/sparse-base-hybrid", "hybrid", [], []),
  ]

  @Test func allArchivesAreCovered() throws {
    #expect(try Set(Self.expected.map(\.0)) == Set(Archives.all.keys))
  }

  @Test(arguments: expected)
  func eachFaultIsFound(name: String, kind: String, faults: [String], notes: [String]) throws {
    for (isDeep, usesThreads) in [(false, true), (true, true), (false, false), (true, false)] {
      let verification = try verify(Archives.archive(name)) {
        ($0.isDeep, $0.usesThreads) = (isDeep, usesThreads)
      }
      #expect(verification.kind.rawValue == kind)
      #expect(verification.codes == faults)
      #expect(verification.noteCodes == notes)
      #expect(verification.findings.isIntact == faults.isEmpty)
    }
  }

  /// Layers that the receiver has may be missing; a layer without those below it may not.
  @Test func absentLayersMayBePresentElsewhere() throws {
    let archive = Archives.archive("archives/sparse-app-mixed")
    let base = try verify(Archives.archive("archives/sparse-base-docker")).findings.images.first
    let chain = try #require(base).layers.compactMap(\.diffID)
    try #require(chain.count >= 2)
    let second = SHA256.digest(of: Array("\(chain[0]) \(chain[1])".utf8))
    let verification = try verify(archive) { $0.prefix = prefix(knowing: [chain[0], second]) }
    #expect(verification.codes == [])
    #expect(verification.findings.images.first?.layers.map(\.isAbsent) == [true, true, false, false])
    #expect(try verify(archive) { $0.prefix = prefix(knowing: [chain[1]]) }.codes == ["missing"])
  }

  /// How many layers a receiver has that has these chains.
  private func prefix(knowing chains: [Digest]) -> @Sendable ([Digest]) -> Int {
    var known = KnownLayers()
    for chain in chains { known.add(chain: chain) }
    return { [known] in known.prefix(of: $0).count }
  }

  /// No bit that carries information may change unnoticed.
  @Test(arguments: [0, 1, 150, 155, 330, 511])
  func aFlippedBitIsFound(start: Int) throws {
    let good = Archives.archive("faults/hybrid-good")
    // Names of members in index.json that it could lack: mediaType, and each of two annotations with the same name.
    let words = [532..<541, 766..<790, 816..<849]
    for index in stride(from: start, to: good.count, by: 512)
    where !words.contains(where: { $0.contains(index) }) {
      for bit in [0, 7] {
        var damaged = good
        damaged[index] ^= 1 << UInt8(bit)
        #expect(try !verify(damaged).findings.isIntact, "byte \(index), bit \(bit)")
      }
    }
  }

  /// A hybrid that ends with its two zero blocks: any bit of each 512th byte, and a cut before each.
  @Test func noBlockOfAHybridIsChangedOrCutUnnoticed() throws {
    let good = Archives.tar(try Archives.files("faults/hybrid-good"))
    #expect(try verify(good).codes == [])
    for index in stride(from: 0, to: good.count, by: 512) {
      #expect(try !verify(Array(good[..<index])).findings.isIntact, "\(index) bytes")
      for bit in 0..<8 {
        var damaged = good
        damaged[index] ^= 1 << UInt8(bit)
        #expect(try !verify(damaged).findings.isIntact, "byte \(index), bit \(bit)")
      }
    }
  }

  @Test(arguments: ["faults/hybrid-good", "faults/docker-good", "faults/oci-good"])
  func aCutIsFound(name: String) throws {
    let good = Archives.archive(name)
    for count in stride(from: 0, to: good.count, by: 512) {
      // The fixtures end with more zero blocks than two.
      if count >= good.count - 512 * 2, try verify(Array(good[..<count])).codes == [] { continue }
      #expect(try !verify(Array(good[..<count])).findings.isIntact, "\(count) bytes")
      #expect(try !verify(Array(good[..<(count + 100)])).findings.isIntact, "\(count + 100) bytes")
    }
  }

  @Test func compressedArchivesAreTheSame() throws {
    for (name, _, faults, notes) in Self.expected {
      let verification = try verify(gzipped(Archives.archive(name)))
      #expect(verification.codes == faults, "\(name)")
      #expect(verification.noteCodes == notes, "\(name)")
    }
    let file = gzipped(Archives.archive("faults/hybrid-good"))
    #expect(try verify(Array(file.dropLast(30))).codes.contains("no-trailer"))
    #expect(try verify(file + [1, 2, 3]).codes == ["trailing-data"])
    var damaged = file
    damaged[damaged.count / 2] ^= 1
    #expect(try !verify(damaged).findings.isIntact)
  }

  @Test func theArchiveIsHashedOnRequest() throws {
    let bytes = Archives.archive("faults/docker-good")
    #expect(try verify(bytes).digest == nil)
    for usesThreads in [true, false] {
      let verification = try verify(bytes) { ($0.hashesArchive, $0.usesThreads) = (true, usesThreads) }
      #expect(verification.digest == SHA256.digest(of: bytes))
      #expect(verification.size == UInt64(bytes.count))
    }
  }

  @Test func otherFilesAreNone() throws {
    #expect(try verify([]).codes == ["no-trailer"])
    #expect(try verify([UInt8](repeating: 0, count: 1024)).codes == ["layout"])
    #expect(try verify(deterministicBytes(5000, seed: 1)).codes == ["tar-header"])
    #expect(throws: Failure.self) { try verify([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) }
  }
}
