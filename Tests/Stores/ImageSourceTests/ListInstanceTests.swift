import Diagnostics
import Digests
import ImageManifest
import ImageModel
import Testing

@testable import ImageSource

/// Which images of a list are taken, and what is said of those that are not there.
@Suite struct ListInstanceTests {
  private static let host = PlatformRequest(wanted: { [Platform(os: "linux", architecture: "s390x")] })

  private func digest(_ number: Int) -> Digest { SHA256.digest(of: Array("\(number)".utf8)) }

  /// A list of images `0=linux/amd64`; without a platform, the image itself may tell it.
  private func list(_ images: [String]) throws -> SourceList {
    let entries = images.map { image in
      let parts = image.split(separator: "=")
      let platform = parts.count > 1 ? parts[1].split(separator: "/").map(String.init) : []
      let members =
        platform.isEmpty ? "" : #","platform":{"os":"\#(platform[0])","architecture":"\#(platform[1])"}"#
      let number = Int(parts[0]) ?? 0
      return #"{"mediaType":"\#(MediaType.ociManifest)","digest":"\#(digest(number))","size":1\#(members)}"#
    }
    let text =
      #"{"schemaVersion":2,"mediaType":"\#(MediaType.ociIndex)","manifests":[\#(entries.joined(separator: ","))]}"#
    return try SourceList(parsing: Array(text.utf8))
  }

  /// The numbers of the images that are taken; `present` are those that are there, with their own platforms.
  private func taken(
    _ images: [String], _ platforms: String..., isAll: Bool = false, present: [Int: String?]
  ) throws -> [Int] {
    let required = try platforms.map { PlatformRequest(try Platform(parsing: $0)) }
    let choice = PlatformChoice(lists: required, isAll: isAll, host: Self.host)
    let numbers = Dictionary(uniqueKeysWithValues: present.keys.map { (digest($0), $0) })
    let own = try present.mapValues { text in try text.map { try Platform(parsing: $0) } }
    return try choice.instances(of: list(images)) {
      entry throws(Failure) -> (image: Int, platform: Platform?)? in
      guard let number = numbers[entry.digest], let platform = own[number] else { return nil }
      return (number, platform)
    }.map(\.image)
  }

  @Test func whatIsNotThereIsLeftOut() throws {
    let images = ["0=linux/amd64", "1=linux/arm64", "2=linux/386", "3"]
    #expect(try taken(images, isAll: true, present: [1: nil, 3: nil]) == [1, 3])
    #expect(try taken(images, isAll: true, present: [0: nil, 1: nil, 2: nil, 3: nil]) == [0, 1, 2, 3])
    #expect(throws: Failure(.notFound, "", "none of the images of its list is there")) {
      try taken(images, isAll: true, present: [:])
    }
  }

  @Test func anImageNamedTwiceIsTakenOnce() throws {
    let images = ["0=linux/amd64", "1=linux/arm64", "0=linux/amd64"]
    #expect(try taken(images, isAll: true, present: [0: nil, 1: nil]) == [0, 1])
    #expect(try taken(images, "linux/amd64", "linux/arm64", present: [0: nil, 1: nil]) == [0, 1])
  }

  @Test func requiredPlatformsAreInTheOrderOfTheList() throws {
    let images = ["0=linux/amd64", "1=linux/arm64", "2=linux/386"]
    let present: [Int: String?] = [0: nil, 1: nil, 2: nil]
    #expect(try taken(images, "linux/386", "linux/amd64", present: present) == [0, 2])
    #expect(try taken(images, "linux/386", isAll: true, present: present) == [0, 1, 2])
  }

  /// An entry without a platform is read: its image may have the one that is wanted.
  @Test func theImageTellsItsPlatform() throws {
    let images = ["0=linux/amd64", "1"]
    #expect(try taken(images, "linux/amd64", "linux/arm64", present: [0: nil, 1: "linux/arm64"]) == [0, 1])
    #expect(throws: Failure(.notFound, "", "no image for linux/386; its list has linux/amd64")) {
      try taken(images, "linux/amd64", "linux/386", present: [0: nil, 1: "linux/arm64"])
    }
  }

  @Test func absenceIsExplained() throws {
    let images = ["0=linux/amd64", "1=linux/arm64"]
    #expect(throws: Failure(.notFound, "", "no image for linux/386; its list has linux/amd64, linux/arm64")) {
      try taken(images, "linux/amd64", "linux/386", present: [0: nil, 1: nil])
    }
    let reason = "the image for linux/arm64 is listed, but not there; there is linux/amd64"
    #expect(throws: Failure(.notFound, "", reason)) {
      try taken(images, "linux/amd64", "linux/arm64", present: [0: nil])
    }
    #expect(throws: Failure(.notFound, "", "the image for linux/amd64 is listed, but not there")) {
      try taken(images, "linux/amd64", "linux/arm64", present: [:])
    }
    #expect(throws: Failure(.notFound, "", "no image for linux/386")) {
      try taken(["0"], "linux/386", isAll: true, present: [:])
    }
    #expect(try taken(["0"], "linux/386", isAll: true, present: [0: nil]) == [0], "an unknown platform fits")
  }

  /// Only eight platforms are named.
  @Test func longListsAreShortened() throws {
    let images = (0..<9).map { "\($0)=linux/a\($0)" }
    let names = (0..<8).map { "linux/a\($0)" }.joined(separator: ", ")
    #expect(throws: Failure(.notFound, "", "no image for linux/386; its list has \(names)")) {
      try taken(images, "linux/386", isAll: true, present: [:])
    }
  }

  @Test(arguments: [256, 257]) func aListHasALimit(count: Int) throws {
    let images = (0..<count).map { "\($0)" }
    let present = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, String?.none) })
    if count == 256 {
      #expect(try taken(images, isAll: true, present: present).count == 256)
    } else {
      #expect(throws: Failure(.badData, "", "a list of more than 256 images")) {
        try taken(images, isAll: true, present: present)
      }
    }
    // Images of other platforms are not counted if only some are required.
    let others = images.map { "\($0)=linux/386" } + ["999=linux/amd64"]
    #expect(try taken(others, "linux/amd64", present: [999: nil]) == [999])
  }

  @Test func onlyListsTakeSeveralImages() {
    let amd64 = PlatformRequest(Platform(os: "linux", architecture: "amd64"))
    #expect(!PlatformChoice(amd64).takesLists && !PlatformChoice(amd64).isAll)
    #expect(PlatformChoice(lists: [], isAll: true, host: amd64).takesLists)
    #expect(!PlatformChoice(lists: [amd64], isAll: false, host: amd64).takesLists)
    #expect(PlatformChoice(lists: [amd64, amd64], isAll: false, host: amd64).takesLists)
  }

  @Test func anImageAloneMustFitWhatIsWanted() throws {
    let (amd64, arm64) = (try Platform(parsing: "linux/amd64"), try Platform(parsing: "linux/arm64"))
    let (first, second) = (PlatformRequest(amd64), PlatformRequest(arm64))
    #expect(PlatformChoice(first).accepts(amd64) && !PlatformChoice(first).accepts(arm64))
    let both = PlatformChoice(lists: [first, second], isAll: false, host: first)
    #expect(!both.accepts(amd64) && !both.accepts(arm64))
    let all = PlatformChoice(lists: [], isAll: true, host: first)
    #expect(all.accepts(amd64) && all.accepts(arm64))
    #expect(PlatformRequest(nil).accepts(arm64) && PlatformRequest(wanted: { [] }).accepts(arm64))
  }
}
