// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: one place, so that no target is checked less than the others.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A library module; `uses` are the modules below it, and the build refuses any other import.
func module(_ name: String, uses: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: uses, swiftSettings: strict)
}

/// The Swift Testing suite of a module.
func tests(of name: String, uses: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + uses,
    resources: resources, swiftSettings: strict)
}

let package = Package(
  name: "img",
  targets: [
    // C: system libraries, and the few Linux calls that Glibc's module does not offer.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CLinux"),

    // Leaves: no knowledge of images.
    module("Diagnostics"),
    module("Digests", uses: ["CCrypto"]),
    module("JSON"),

    // What images are made of.
    module("ImageModel", uses: ["Digests"]),
    module("ImageManifest", uses: ["JSON", "Digests", "Diagnostics", "ImageModel"]),

    tests(of: "Digests"),
    tests(of: "JSON"),
    tests(of: "ImageManifest", uses: ["JSON", "Digests", "Diagnostics", "ImageModel"]),
  ]
)
