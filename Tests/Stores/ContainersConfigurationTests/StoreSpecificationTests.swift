import ContainersConfiguration
import Foundation
import POSIX
import Testing

struct StoreSpecificationTests {
  struct Case: Decodable {
    let input: String
    let driver: String?
    let graphRoot: String?
    let runRoot: String?
    let error: Bool
  }

  static func filled(_ text: String) -> String {
    text.replacingOccurrences(of: "{root}", with: "/root").replacingOccurrences(of: "{driver}", with: "vfs")
  }

  /// The table of TestTransportParseReference.
  ///
  /// The row without a run root is an error upstream only if there is no default run root; here the store
  /// provides it.
  @Test func upstream() throws {
    for test in try Fixture.cases("storage.store-specifier", count: 8, as: Case.self) {
      let found = try? StoreSpecification.split(Self.filled(test.input))
      if test.input == "[{root}suffix1]busybox" {
        #expect(found?.specification?.graphRoot == "/rootsuffix1")
      } else if test.error {
        #expect(found == nil, "\(test.input)")
      } else {
        #expect(found?.rest == "busybox")
        #expect(found?.specification?.driver == test.driver.map(Self.filled))
        #expect(found?.specification?.graphRoot == test.graphRoot.map(Self.filled))
        #expect(found?.specification?.runRoot == test.runRoot.map(Self.filled))
        #expect(found?.specification?.options == ["options", "options", "options"])
      }
    }
  }

  @Test(
    arguments: [
      ("/g", nil, "/g", nil, nil), ("vfs@/g+/r:a,b:c", "vfs", "/g", "/r", ["a", "b:c"]),
      ("vfs@+/r", "vfs", nil, "/r", nil),
      (":a", nil, nil, nil, ["a"]), ("/g+:", nil, "/g", nil, [""]), ("/g:a+b", nil, "/g", nil, ["a+b"]),
    ] as [(String, String?, String?, String?, [String]?)])
  func specification(
    _ text: String, _ driver: String?, _ graphRoot: String?, _ runRoot: String?, _ options: [String]?
  ) throws {
    let found = try StoreSpecification(text)
    #expect(found.driver == driver)
    #expect(found.graphRoot == graphRoot)
    #expect(found.runRoot == runRoot)
    #expect(found.options == options)
  }

  @Test(
    arguments: [
      ("", .invalid), ("@/g", .invalid), ("vfs@", .invalid), ("g", .pathNotAbsolute),
      ("/g+r", .pathNotAbsolute),
      ("vfs@b@/g", .pathNotAbsolute),
    ] as [(String, StoreSpecification.ParseError)])
  func invalid(_ text: String, _ error: StoreSpecification.ParseError) {
    #expect(throws: error) { try StoreSpecification(text) }
  }

  @Test func withoutSpecification() throws {
    let found = try StoreSpecification.split("busybox[x]")
    #expect(found.specification == nil)
    #expect(found.rest == "busybox[x]")
  }

  @Test func selecting() throws {
    let machine = try Machine([
      "/x/": "", "/y/": "",
      "/etc/containers/storage.conf":
        "[storage]\ndriver='vfs'\ngraphroot='/g'\nrunroot='/r'\nimagestore='/i'\n[storage.options]\nadditionalimagestores=['/x']",
    ])
    let configured = try machine.storage()
    let same = try configured.selecting(StoreSpecification("/g:overlay.imagestore=/y"))
    #expect(same.additionalImageStores.value == ["/x"], "the open store is used again")
    #expect(same.driver?.value == "vfs")
    let other = try configured.selecting(StoreSpecification("/other"))
    #expect(other.graphRoot == Setting("/other", from: .specification))
    #expect(other.runRoot.value == "/r")
    #expect(other.driver == nil)
    #expect(other.imageStore == nil)
    #expect(other.additionalImageStores.value == [])
    let driver = try configured.selecting(StoreSpecification("overlay2@/g+/r2:imagestore=/y"))
    #expect(driver.driver == Setting("overlay", from: .specification))
    #expect(driver.additionalImageStores.value == ["/y"])
  }
}
