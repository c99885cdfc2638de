import Diagnostics
import GoJSON
import ImageModel

extension Platform {
  /// Parses `OS/ARCH` or `OS/ARCH/VARIANT` and replaces the parts by the names that images use.
  public init(parsing text: String) throws(Failure) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ isSpecifier($0) }) else {
      throw Failure(.usage, "invalid platform syntax for \(goQuoted(text))", "use OS/ARCH[/VARIANT]")
    }
    let platform = Platform(
      os: String(parts[0]), architecture: String(parts[1]), variant: parts.count == 3 ? String(parts[2]) : "")
    self = platform.normalized(host: platform)
  }

  /// The platform by the names of images: `aarch64` is `arm64`, `x86_64` is `amd64`, `macos` is `darwin`.
  ///
  /// Empty parts stay empty. Texts that are not a platform stay unchanged.
  /// Source: libimage platform.go, Normalize; containerd platforms.
  public func normalized(host: Platform = .host) -> Platform {
    var result = normalizedOnce
    if result.variant.isEmpty { result.variant = variant }
    if result.os.isEmpty { result.os = host.os }
    if result.architecture.isEmpty { result.architecture = host.architecture }
    let hasVariant = !result.variant.isEmpty
    guard isSpecifier(result.os), isSpecifier(result.architecture), !hasVariant || isSpecifier(result.variant)
    else { return self }
    result = result.normalizedOnce
    if hasVariant {
      if result.architecture == "arm64", result.variant.isEmpty { result.variant = "v8" }
    } else if result.architecture == "arm", result.variant == "v7" {
      result.variant = ""
    }
    if os.isEmpty { result.os = "" }
    if architecture.isEmpty { result.architecture = "" }
    return result
  }

  /// Fills an empty operating system or architecture with the host's.
  ///
  /// Source: libimage platform.go, ToString.
  public func completed(by host: Platform = .host) -> Platform {
    Platform(
      os: os.isEmpty ? host.os : os, architecture: architecture.isEmpty ? host.architecture : architecture,
      variant: variant)
  }

  /// Whether an image of this platform matches another platform, after normalization of both.
  ///
  /// Source: libimage image.go, matchesPlatform.
  public func matches(_ wanted: Platform, host: () -> Platform) -> Bool {
    let host = host()
    return completed(by: host).normalizedOnce == wanted.completed(by: host).normalizedOnce
  }

  /// The platform with Go's name for each part.
  ///
  /// Source: containerd platforms, database.go.
  private var normalizedOnce: Platform {
    var result = Platform(
      os: os.lowercased(), architecture: architecture.lowercased(), variant: variant.lowercased())
    if result.os == "macos" { result.os = "darwin" }
    switch (result.architecture, result.variant) {
    case ("i386", _): (result.architecture, result.variant) = ("386", "")
    case ("x86_64", "v1"), ("x86-64", "v1"), ("amd64", "v1"):
      (result.architecture, result.variant) = ("amd64", "")
    case ("x86_64", _), ("x86-64", _): result.architecture = "amd64"
    case ("aarch64", "8"), ("aarch64", "v8"), ("arm64", "8"), ("arm64", "v8"):
      (result.architecture, result.variant) = ("arm64", "")
    case ("aarch64", _): result.architecture = "arm64"
    case ("armhf", _): (result.architecture, result.variant) = ("arm", "v7")
    case ("armel", _): (result.architecture, result.variant) = ("arm", "v6")
    case ("arm", ""), ("arm", "7"): result.variant = "v7"
    case ("arm", "5"), ("arm", "6"), ("arm", "8"): result.variant = "v" + result.variant
    default: break
    }
    return result
  }
}

/// Whether a text can be a part of a platform: ASCII letters, digits, `_`, `.` and `-`.
private func isSpecifier(_ text: some StringProtocol) -> Bool {
  !text.isEmpty
    && text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x2D: true
      default: false
      }
    }
}
