import ImageModel
import POSIX

extension Platform {
  /// The platform of this machine, with the variant that its kernel reports for ARM processors.
  public static var host: Platform {
    let architecture = hostArchitecture
    guard architecture == "arm" || architecture == "arm64" else {
      return Platform(os: "linux", architecture: architecture)
    }
    // The kernel reports no size for this file, so read it in pieces.
    let file = try? FileDescriptor.open("/proc/cpuinfo", 0)
    let bytes = try? file?.readToEnd(limit: 1 << 24, "/proc/cpuinfo") ?? []
    return Platform(os: "linux", architecture: architecture, variant: armVariant(cpuInfo: bytes ?? []))
  }

  /// The architecture this program was built for, by its Go name.
  private static var hostArchitecture: String {
    #if arch(x86_64)
      "amd64"
    #elseif arch(arm64)
      "arm64"
    #elseif arch(arm)
      "arm"
    #elseif arch(i386)
      "386"
    #elseif arch(powerpc64le)
      "ppc64le"
    #elseif arch(s390x)
      "s390x"
    #elseif arch(riscv64)
      "riscv64"
    #else
      "unknown"
    #endif
  }
}

/// The variant of an ARM processor from the text of /proc/cpuinfo; empty if unknown.
///
/// Source: containers/image internal/pkg/platform, getCPUVariantArm.
func armVariant(cpuInfo: [UInt8]) -> String {
  let lines = String(decoding: cpuInfo, as: UTF8.self).lowercased().split(separator: "\n")
  func value(_ key: String) -> String? {
    for line in lines {
      let parts = line.split(separator: ":", omittingEmptySubsequences: false)
      if parts.count > 1, trimmed(parts[0]) == key { return trimmed(parts[1]) }
    }
    return nil
  }
  switch value("cpu architecture") {
  case "8", "aarch64": return "v8"
  case "7m", "?(12)", "?(13)", "?(14)", "?(15)", "?(16)", "?(17)": return "v7"
  case "7":
    // Some kernels report 7 for a version 6 processor, as in the Raspberry Pi Zero.
    guard let model = value("model name") else { return "" }
    return model.hasPrefix("armv6-compatible") ? "v6" : "v7"
  case "6", "6tej": return "v6"
  case "5", "5t", "5te", "5tej": return "v5"
  case "4", "4t": return "v4"
  case "3": return "v3"
  default: return ""
  }
}

private func trimmed(_ text: Substring) -> String {
  let head = text.drop(while: \.isWhitespace)
  guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
  return String(head[...last])
}
