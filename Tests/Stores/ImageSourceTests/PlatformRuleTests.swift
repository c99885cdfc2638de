import Diagnostics
import ImageModel
import Testing

@testable import ImageSource

/// Names of platforms that mean the same, and what the host adds.
///
/// Source: containerd platforms, database.go.
@Suite struct PlatformRuleTests {
  private static func platform(_ text: String) -> Platform {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    return Platform(os: parts[0], architecture: parts[1], variant: parts[2])
  }

  @Test(arguments: [
    ("linux/x86_64/", "linux/amd64/"), ("linux/x86-64/v1", "linux/amd64/"), ("linux/amd64/V1", "linux/amd64/"),
    ("linux/x86-64/v3", "linux/amd64/v3"), ("linux/i386/x", "linux/386/x"), ("MacOS/ARM64/", "darwin/arm64/"),
    ("linux/aarch64/", "linux/arm64/"), ("linux/aarch64/8", "linux/arm64/v8"),
    ("linux/arm64/v9", "linux/arm64/v9"),
    ("linux/aarch64/v9", "linux/arm64/v9"), ("linux/armhf/v5", "linux/arm/v7"),
    ("linux/armel/", "linux/arm/v6"),
    ("linux/arm/", "linux/arm/v7"), ("linux/arm/7", "linux/arm/v7"), ("linux/arm/5", "linux/arm/v5"),
    ("linux/arm/6", "linux/arm/v6"), ("linux/arm/8", "linux/arm/v8"), ("linux/arm/v9", "linux/arm/v9"),
    ("linux/riscv64/rva", "linux/riscv64/rva"),
    // What is no name of a platform stays.
    ("Li nux/x86_64/", "Li nux/x86_64/"), ("linux/x86_64/v 1", "linux/x86_64/v 1"),
    ("linux/X86:64/", "linux/X86:64/"),
  ]) func namesAreNormalized(text: String, expected: String) {
    let host = Platform(os: "linux", architecture: "amd64")
    #expect(Self.platform(text).normalized(host: host) == Self.platform(expected))
  }

  /// What is missing is taken from the host for the rules only.
  @Test(arguments: [("linux//", "linux//"), ("/x86_64/", "/amd64/"), ("//", "//"), ("linux//v7", "linux//v7")])
  func missingPartsStayMissing(text: String, expected: String) {
    for host in [("linux", "arm"), ("linux", "amd64"), ("linux", "arm64")] {
      let host = Platform(os: host.0, architecture: host.1)
      #expect(Self.platform(text).normalized(host: host) == Self.platform(expected))
    }
  }

  @Test(arguments: [
    ("linux/amd64/", "linux/x86_64/", true), ("linux/arm64/v8", "linux/arm64/", true),
    ("linux/arm/", "linux/arm/v7", true), ("linux/arm/v6", "linux/arm/v7", false),
    ("linux/arm/v6", "linux/arm/", false),
    ("//", "linux/amd64/", true), ("/arm64/", "linux/arm64/v8", true), ("windows//", "linux/amd64/", false),
    ("linux/amd64/v2", "linux/amd64/", false),
  ]) func platformsAreComparedByMeaning(one: String, other: String, isSame: Bool) {
    let host = { Platform(os: "linux", architecture: "amd64") }
    #expect(Self.platform(one).matches(Self.platform(other), host: host) == isSame)
    #expect(Self.platform(other).matches(Self.platform(one), host: host) == isSame)
  }

  @Test(arguments: [
    "linux//amd64", "linux/amd64/", "//", "linux/amd64/v1/", "linux/a\u{7F}", "linux/a:b", "linux/a@",
  ])
  func otherTextsAreRefused(text: String) {
    let failure = #expect(throws: Failure.self) { try Platform(parsing: text) }
    #expect(failure?.kind == .usage && failure?.reason == "use OS/ARCH[/VARIANT]")
    #expect(failure?.subject.hasPrefix("invalid platform syntax for \"linux/") == (text != "//"))
  }

  @Test func allCharactersOfNamesAreTaken() throws {
    #expect(try Platform(parsing: "a_z.A-Z/0-9_.AZaz") == Platform(os: "a_z.a-z", architecture: "0-9_.azaz"))
  }

  @Test(arguments: [
    ("7M", "v7"), ("?(12)", "v7"), ("?(14)", "v7"), ("?(15)", "v7"), ("?(16)", "v7"), ("?(17)", "v7"),
    ("?(18)", ""),
    ("?(11)", ""), ("6", "v6"), ("5", "v5"), ("5T", "v5"), ("5TEJ", "v5"), ("4", "v4"), ("4T", "v4"),
    ("3", "v3"),
    ("2", ""), ("AArch64", "v8"), ("", ""), (" 8 ", "v8"),
  ]) func versionsOfProcessorsAreVariants(version: String, variant: String) {
    let lines = "processor\t: 0\nNo value\nCPU architecture:\(version)\nCPU part: 0x8\n"
    #expect(armVariant(cpuInfo: Array(lines.utf8)) == variant)
  }

  @Test func aModelWithoutANameIsOfVersion7() {
    #expect(armVariant(cpuInfo: Array("model name\t:\nCPU architecture: 7\n".utf8)) == "v7")
  }
}
