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
  dependencies: [
    // toml++ behind a Swift interface, for storage.conf and registries.conf.
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0")
  ],
  targets: [
    // C: system libraries, and the few Linux calls that Glibc's module does not offer.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CLinux"),

    // Leaves: no knowledge of images.
    module("Diagnostics"),
    module("Digests", uses: ["CCrypto"]),
    module("Base64"),
    module("ImageReference"),
    module("JSON"),
    module("POSIX", uses: ["CLinux", "Diagnostics"]),
    module("Gzip", uses: ["CZlib", "Diagnostics", "POSIX"]),
    module("Tar"),

    // What images are made of.
    module("ImageModel", uses: ["Digests"]),

    module("ImageRecord", uses: ["Base64", "Diagnostics", "Digests", "ImageModel", "JSON"]),

    // The local store.
    module(
      "ContainerStorage",
      uses: ["Base64", "Diagnostics", "Digests", "Gzip", "ImageModel", "JSON", "POSIX"]),

    // The configuration files of containers-storage and of short names.
    module(
      "ContainersConfiguration",
      uses: ["Diagnostics", "ImageReference", "POSIX", .product(name: "TOMLKit", package: "TOMLKit")]),

    // The formats on disk.
    module(
      "ImageArchive",
      uses: ["Diagnostics", "Digests", "ImageModel", "ImageReference", "JSON", "POSIX", "Tar"]),
    // Test support: containers-storage directories of known content. Foundation is allowed here only.
    .target(
      name: "StoreFixtures", dependencies: ["CZlib", "Diagnostics", "Digests", "ImageModel", "JSON"],
      path: "Tests/Support/StoreFixtures", swiftSettings: strict),
    .executableTarget(
      name: "make-sample-store", dependencies: ["StoreFixtures"], path: "Tests/Support/MakeSampleStore",
      swiftSettings: strict),

    tests(of: "Base64"),
    tests(
      of: "ContainersConfiguration", uses: ["Diagnostics", "ImageReference", "POSIX"],
      resources: [.copy("Fixtures")]),
    tests(of: "Digests"),
    tests(of: "ImageReference", resources: [.copy("Fixtures")]),
    tests(of: "ImageRecord", uses: ["Diagnostics", "Digests", "ImageModel", "JSON"]),
    tests(of: "JSON"),
    tests(of: "StoreFixtures", uses: ["CZlib", "Digests", "JSON"]),
  ]
)
