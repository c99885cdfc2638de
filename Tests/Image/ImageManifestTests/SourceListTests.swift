import Diagnostics
import Digests
import ImageManifest
import ImageModel
import JSON
import Testing

/// A list with the bytes of its source, and what is written of it.
@Suite struct SourceListTests {
  /// A manifest of a family; `label` makes it another one.
  private static func manifest(_ label: String, _ type: MediaType = .ociManifest) -> Blob {
    Blob(mediaType: type, bytes: Array(#"{"schemaVersion":2,"label":"\#(label)"}"#.utf8))
  }

  private static func entry(_ manifest: Blob, _ platform: String?, more: String = "") -> String {
    let parts = platform?.split(separator: "/") ?? []
    let variant = parts.count > 2 ? #","variant":"\#(parts[2])""# : ""
    let text =
      platform == nil
      ? "" : #","platform":{"architecture":"\#(parts[1])","os":"\#(parts[0])"\#(variant)}"#
    return
      #"{"mediaType":"\#(manifest.mediaType)","digest":"\#(manifest.digest)","size":\#(manifest.bytes.count)\#(more)\#(text)}"#
  }

  private static func list(
    _ entries: [String], _ type: MediaType = .ociIndex, more: String = ""
  ) throws -> SourceList {
    let text =
      #"{"schemaVersion":2,"mediaType":"\#(type)","manifests":[\#(entries.joined(separator: ","))]\#(more)}"#
    return try SourceList(parsing: Array(text.utf8))
  }

  private static func unchanged(_ manifests: Blob...) -> [WrittenInstance] {
    manifests.map { WrittenInstance(instance: $0.digest, manifest: $0, platform: nil, isZstd: false) }
  }

  private static func text(_ blob: Blob) -> String { String(decoding: blob.bytes, as: UTF8.self) }

  private static let amd = manifest("amd")
  private static let arm = manifest("arm")
  private static let attestation = manifest("attestation")
  private static let provenance =
    #","annotations":{"vnd.docker.reference.type":"attestation-manifest"}"#

  @Test func theBytesStayIfEveryEntryGoesAlong() throws {
    // White space and unknown members would be lost.
    let text =
      #"{"mediaType": "\#(MediaType.ociIndex)", "x": 1, "manifests": [\#(Self.entry(Self.amd, "linux/amd64")), \#(Self.entry(Self.arm, nil))]}"#
    let list = try SourceList(parsing: Array(text.utf8))
    #expect(list.listing(Self.unchanged(Self.arm, Self.amd)) == list.blob)
    #expect(list.blob.bytes == Array(text.utf8))
  }

  @Test func onlyWrittenEntriesStay() throws {
    let entries = [Self.entry(Self.amd, "linux/amd64"), Self.entry(Self.arm, "linux/arm64/v8")]
    let list = try Self.list(entries, more: #","annotations":{"b":"2","a":"1"}"#)
    let trimmed = list.listing(Self.unchanged(Self.arm))
    #expect(
      Self.text(trimmed)
        == Self.text(try Self.list([entries[1]], more: #","annotations":{"a":"1","b":"2"}"#).blob))
    #expect(trimmed.mediaType == .ociIndex)
    // The order is that of the list.
    let swapped = Self.unchanged(Self.arm, Self.amd)
    #expect(list.listing(swapped) == list.blob)
  }

  @Test func anAttestationIsNeverWritten() throws {
    let list = try Self.list([
      Self.entry(Self.amd, "linux/amd64"),
      Self.entry(Self.attestation, "unknown/unknown", more: Self.provenance),
    ])
    #expect(list.images.map(\.digest) == [Self.amd.digest])
    #expect(
      list.listing(Self.unchanged(Self.amd)) == (try Self.list([Self.entry(Self.amd, "linux/amd64")]).blob))
    #expect(list.platforms(besides: [Self.amd.digest]) == [])
    #expect(list.note(title: "a", on: [Self.amd.digest]) == "a: left out of its list: attestations")
  }

  @Test func aChangedManifestGetsANewEntry() throws {
    let more = #","annotations":{"a":"b","io.github.containers.compression.zstd":"true"},"data":"e30=""#
    let list = try Self.list([
      Self.entry(Self.amd, "linux/amd64", more: more), Self.entry(Self.arm, "linux/arm64/v8"),
    ])
    let new = Self.manifest("new")
    func written(isZstd: Bool) -> Blob {
      list.listing(
        [WrittenInstance(instance: Self.amd.digest, manifest: new, platform: nil, isZstd: isZstd)]
          + Self.unchanged(Self.arm))
    }
    let plain = #","annotations":{"a":"b"}"#
    let arm = Self.entry(Self.arm, "linux/arm64/v8")
    #expect(written(isZstd: false) == (try Self.list([Self.entry(new, "linux/amd64", more: plain), arm]).blob))
    let zstd = #","annotations":{"a":"b","io.github.containers.compression.zstd":"true"}"#
    let plainList = try Self.list([Self.entry(Self.amd, "linux/amd64"), arm])
    let instances = [WrittenInstance(instance: Self.amd.digest, manifest: new, platform: nil, isZstd: true)]
    let marked = #","annotations":{"io.github.containers.compression.zstd":"true"}"#
    #expect(
      plainList.listing(instances) == (try Self.list([Self.entry(new, "linux/amd64", more: marked)]).blob))
    #expect(written(isZstd: true) == (try Self.list([Self.entry(new, "linux/amd64", more: zstd), arm]).blob))
  }

  @Test func anEditedPlatformIsWritten() throws {
    let list = try Self.list([Self.entry(Self.amd, "linux/amd64")])
    let platform = Platform(os: "linux", architecture: "arm", variant: "v7")
    for manifest in [Self.manifest("new"), Self.amd] {
      let written = list.listing([
        WrittenInstance(instance: Self.amd.digest, manifest: manifest, platform: platform, isZstd: false)
      ])
      #expect(written == (try Self.list([Self.entry(manifest, "linux/arm/v7")]).blob))
    }
  }

  @Test func twoFormsOfAnImageAreOneIfTheyAreWrittenAlike() throws {
    let list = try Self.list([
      Self.entry(Self.amd, "linux/amd64"),
      Self.entry(
        Self.arm, "linux/amd64", more: #","annotations":{"io.github.containers.compression.zstd":"true"}"#),
    ])
    let new = Self.manifest("new")
    let written = list.listing(
      [Self.amd, Self.arm].map {
        WrittenInstance(instance: $0.digest, manifest: new, platform: nil, isZstd: false)
      })
    #expect(written == (try Self.list([Self.entry(new, "linux/amd64")]).blob))
    // What follows them stays.
    let longer = try Self.list([
      Self.entry(Self.amd, "linux/amd64"), Self.entry(Self.arm, "linux/amd64"),
      Self.entry(Self.attestation, "a/b"),
    ])
    let both = [Self.amd, Self.arm].map {
      WrittenInstance(instance: $0.digest, manifest: new, platform: nil, isZstd: false)
    }
    #expect(
      longer.listing(both + Self.unchanged(Self.attestation))
        == (try Self.list([Self.entry(new, "linux/amd64"), Self.entry(Self.attestation, "a/b")]).blob))
  }

  /// Platforms that differ in one part from that of the first entry.
  @Test(arguments: [
    #""architecture":"arm","os":"windows","variant":"v7","os.version":"1""#,
    #""architecture":"arm64","os":"linux","variant":"v7","os.version":"1""#,
    #""architecture":"arm","os":"linux","variant":"v8","os.version":"1""#,
    #""architecture":"arm","os":"linux","variant":"v7","os.version":"2""#,
    #""architecture":"arm","os":"linux","variant":"v7""#,
  ])
  func imagesWrittenAlikeForSeveralPlatformsStayApart(other: String) throws {
    let first = #""architecture":"arm","os":"linux","variant":"v7","os.version":"1""#
    func entry(_ manifest: Blob, _ platform: String) -> String {
      Self.entry(manifest, nil, more: #","platform":{\#(platform)}"#)
    }
    let list = try Self.list([entry(Self.amd, first), entry(Self.arm, other)])
    let new = Self.manifest("new")
    let written = list.listing(
      [Self.amd, Self.arm].map {
        WrittenInstance(instance: $0.digest, manifest: new, platform: nil, isZstd: false)
      })
    #expect(try SourceList(parsing: written.bytes).entries.map(\.digest) == [new.digest, new.digest])
    let same = try Self.list([entry(Self.amd, first), entry(Self.arm, first)]).listing(
      [Self.amd, Self.arm].map {
        WrittenInstance(instance: $0.digest, manifest: new, platform: nil, isZstd: false)
      })
    #expect(try SourceList(parsing: same.bytes).entries.map(\.digest) == [new.digest])
  }

  /// An entry that describes a manifest wrongly is written anew.
  @Test func anEntryMustDescribeItsManifest() throws {
    let right = try Self.list([Self.entry(Self.amd, "linux/amd64")]).blob
    for (old, new) in [
      (#""size":\#(Self.amd.bytes.count)"#, #""size":1"#),
      ("\(MediaType.ociManifest)", "\(MediaType.dockerManifest)"),
    ] {
      let entry = Self.entry(Self.amd, "linux/amd64").replacing(old, with: new)
      #expect(try Self.list([entry]).listing(Self.unchanged(Self.amd)) == right)
    }
  }

  @Test func dockersListsStayTheirsUnlessAllImagesAreOCIs() throws {
    let amd = Self.manifest("amd", .dockerManifest)
    let arm = Self.manifest("arm", .dockerManifest)
    let entries = [Self.entry(amd, "linux/amd64"), Self.entry(arm, "linux/arm64/v8")]
    let list = try Self.list(entries, .dockerManifestList)
    #expect(list.listing(Self.unchanged(amd, arm)) == list.blob)
    let trimmed = list.listing(Self.unchanged(arm))
    #expect(trimmed.mediaType == .dockerManifestList)
    let order =
      #"{"mediaType":"\#(arm.mediaType)","size":\#(arm.bytes.count),"digest":"\#(arm.digest)","platform":{"architecture":"arm64","os":"linux","variant":"v8"}}"#
    #expect(Self.text(trimmed) == Self.text(try Self.list([order], .dockerManifestList).blob))
    let converted = list.listing([
      WrittenInstance(instance: amd.digest, manifest: Self.amd, platform: nil, isZstd: false)
    ])
    #expect(converted == (try Self.list([Self.entry(Self.amd, "linux/amd64")]).blob))
    // One of each: as before.
    let mixed = list.listing(
      Self.unchanged(arm) + [
        WrittenInstance(instance: amd.digest, manifest: Self.amd, platform: nil, isZstd: false)
      ])
    #expect(mixed.mediaType == .dockerManifestList)
    #expect(try SourceList(parsing: mixed.bytes).entries.map(\.mediaType) == [.ociManifest, .dockerManifest])
  }

  @Test func absentPlatformsHaveNames() throws {
    let windows = Self.manifest("windows")
    let list = try Self.list([
      Self.entry(Self.amd, "linux/amd64"), Self.entry(Self.arm, "linux/arm64/v8"),
      #"{"mediaType":"\#(MediaType.ociManifest)","digest":"\#(windows.digest)","size":1,"platform":{"architecture":"amd64","os":"windows","os.version":"10.0.1"}}"#,
      Self.entry(Self.attestation, nil),
    ])
    #expect(
      list.platforms(besides: [Self.amd.digest])
        == ["linux/arm64/v8", "windows(10.0.1)/amd64", "\(Self.attestation.digest)"])
    #expect(list.note(title: "a", on: list.entries.map(\.digest)) == nil)
  }

  @Test func listsInListsBecomeOne() throws {
    let inner = try Self.list([Self.entry(Self.arm, "linux/arm64/v8")], .dockerManifestList)
    let outer = try Self.list(
      [Self.entry(inner.blob, nil), Self.entry(Self.amd, "linux/amd64")], more: #","annotations":{"a":"b"}"#)
    let flat = try outer.replacing([inner.blob.digest: inner])
    let entries = [Self.entry(Self.arm, "linux/arm64/v8"), Self.entry(Self.amd, "linux/amd64")]
    #expect(flat.blob == (try Self.list(entries, more: #","annotations":{"a":"b"}"#).blob))
    #expect(try outer.replacing([:]).blob == outer.blob)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"schemaVersion":2}"#, #"{"mediaType":"\#(MediaType.ociManifest)","manifests":[]}"#,
    #"{"mediaType":"\#(MediaType.ociIndex)","manifests":[{"digest":"md5:ab","size":1}]}"#,
    #"{"mediaType":"\#(MediaType.ociIndex)","manifests":[],"layers":[]}"#,
    #"{"mediaType":"\#(MediaType.ociIndex)","manifests":[],"manifests":[]}"#,
    #"{"mediaType":"\#(MediaType.dockerManifestList)","manifests":[{"digest":"","size":-1}]}"#,
  ])
  func textsThatAreNoLists(text: String) {
    let failure = #expect(throws: Failure.self) { try SourceList(parsing: Array(text.utf8)) }
    #expect(failure?.kind == .badData)
  }
}
