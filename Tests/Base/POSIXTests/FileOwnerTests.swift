import Glibc
import StoreFixtures
import Testing

@testable import POSIX

/// Whose file it is, for advice.
@Suite struct FileOwnerTests {
  @Test func theLastReachableDirectoryCounts() throws {
    let folder = try TemporaryDirectory()
    #expect(FileOwner(of: Path(folder.path)) == .ownUser)
    #expect(FileOwner(of: Path(folder.at("missing/file"))) == .ownUser)
    let root: FileOwner = geteuid() == 0 ? .ownUser : .other(id: 0, name: "root")
    #expect(FileOwner(of: "/") == root)
    #expect(FileOwner(of: "/no-such-directory/file") == root)
  }

  @Test func usersHaveNames() {
    #expect(FileOwner.other(id: 7, name: "lp").description == "lp")
    #expect(
      FileOwner.other(id: 4_000_000_000, name: userName(of: 4_000_000_000)).description == "user 4000000000")
    #expect(userName(of: 0) == "root")
  }

  @Test func namesAreThoseOfThePasswordFile() {
    let file = Array("root:x:0:0::/:\n\nshort:x\nopen::12:1::/:\nlast:x:1:1::/:".utf8)
    #expect(userName(of: 12, in: file) == "open")
    #expect(userName(of: 1, in: file) == "last")
    #expect(userName(of: 2, in: file) == nil)
    #expect(userName(of: 1, in: []) == nil)
  }
}
