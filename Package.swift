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

/// A tool: a thin executable over the modules it wires together.
func tool(_ name: String, uses: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: ["CommandSupport", "Diagnostics", "Options"] + uses, swiftSettings: strict)
}

/// The Swift Testing suite of a module.
func tests(of name: String, uses: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + uses,
    resources: resources, swiftSettings: strict)
}

/// A libFuzzer program; only with IMG_FUZZ=1, because it can be linked only with the fuzzer's runtime.
func fuzzer(_ name: String) -> Target {
  .executableTarget(
    name: "fuzz-\(name)", dependencies: ["FuzzTargets"], path: "Fuzz/Programs/\(name)",
    swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
}

let fuzzers =
  Context.environment["IMG_FUZZ"] == "1"
  ? ["json", "reference", "tarsplit", "manifest", "record", "storage", "registries"].map(fuzzer) : []

let package = Package(
  name: "img",
  products: [
    .executable(name: "img-resolve", targets: ["img-resolve"]),
    .executable(name: "img-manifest", targets: ["img-manifest"]),
    .executable(name: "img-tar", targets: ["img-tar"]),
    .executable(name: "img-save", targets: ["img-save"]),
  ],
  traits: [
    .trait(name: "ISAL", description: "Compress with Intel's ISA-L where it is fastest (Debian: libisal-dev).")
  ],
  dependencies: [
    // toml++ behind a Swift interface, for storage.conf and registries.conf.
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0")
  ],
  targets: [
    // C: system libraries, and the few Linux calls that Glibc's module does not offer.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .target(name: "CLinux"),

    // Leaves: no knowledge of images.
    module("Diagnostics"),
    module("Digests", uses: ["CCrypto"]),
    module("Base64"),
    module("ImageReference"),
    module("JSON"),
    module("POSIX", uses: ["CLinux", "Diagnostics"]),
    module(
      "Gzip",
      uses: ["CZlib", .target(name: "CISAL", condition: .when(traits: ["ISAL"])), "Diagnostics", "POSIX"]),
    module("Tar"),
    module("Options", uses: ["CLinux", "Diagnostics", "POSIX"]),

    // What images are made of.
    module("ImageModel", uses: ["Digests"]),
    module("ImageRecord", uses: ["Base64", "Diagnostics", "Digests", "ImageModel", "JSON"]),
    module("ImageManifest", uses: ["JSON", "Digests", "Diagnostics", "ImageModel"]),

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
      uses: [
        "Diagnostics", "Digests", "Gzip", "ImageManifest", "ImageModel", "ImageReference", "JSON", "POSIX",
        "Tar",
      ]),

    // What the tools do.
    module(
      "ImageResolution",
      uses: [
        "ContainerStorage", "ContainersConfiguration", "Diagnostics", "Digests", "ImageManifest", "ImageModel",
        "ImageRecord",
        "ImageReference",
        "JSON", "POSIX",
      ]),
    module(
      "ImageSaving",
      uses: [
        "ContainerStorage", "Diagnostics", "Digests", "ImageArchive", "ImageManifest", "ImageModel",
        "ImageRecord",
        "ImageReference", "ImageResolution", "JSON", "POSIX",
      ]),

    // The tools: option parsing and wiring.
    module(
      "CommandSupport",
      uses: [
        "ContainerStorage", "ContainersConfiguration", "Diagnostics", "Digests", "Gzip",
        "ImageArchive",
        "ImageManifest", "ImageModel", "ImageRecord", "ImageResolution", "ImageSaving", "JSON", "Options",
        "POSIX",
      ]),
    tool("img-resolve", uses: ["ImageRecord", "ImageResolution", "POSIX"]),
    tool("img-manifest", uses: ["ImageManifest", "ImageModel", "ImageRecord", "ImageSaving"]),
    tool("img-tar", uses: ["ImageRecord", "ImageSaving"]),
    tool("img-save", uses: ["ImageRecord", "ImageResolution", "ImageSaving"]),

    // Test support: containers-storage directories of known content. Foundation is allowed here only.
    .target(
      name: "StoreFixtures", dependencies: ["CZlib", "Diagnostics", "Digests", "ImageModel", "JSON"],
      path: "Tests/Support/StoreFixtures", swiftSettings: strict),
    .executableTarget(
      name: "make-sample-store", dependencies: ["StoreFixtures"], path: "Tests/Support/MakeSampleStore",
      swiftSettings: strict),

    // What is fuzzed; the programs are in `fuzzers`, the tests replay the corpora.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "CZlib", "ContainerStorage", "ContainersConfiguration", "Digests", "ImageManifest", "ImageModel",
        "ImageRecord", "ImageReference", "ImageSaving", "JSON", "POSIX",
      ],
      path: "Fuzz/Targets", swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),

    tests(of: "Base64"),
    tests(
      of: "ContainerStorage",
      uses: ["Base64", "Diagnostics", "Digests", "ImageModel", "POSIX", "StoreFixtures"]),
    tests(
      of: "ContainersConfiguration", uses: ["Diagnostics", "ImageReference", "POSIX"],
      resources: [.copy("Fixtures")]),
    tests(of: "Diagnostics"),
    tests(of: "Digests"),
    tests(of: "Gzip", uses: ["Diagnostics", "POSIX", "StoreFixtures"]),
    tests(
      of: "ImageArchive",
      uses: ["Diagnostics", "Digests", "ImageModel", "JSON", "POSIX", "StoreFixtures"]),
    tests(of: "ImageManifest", uses: ["Diagnostics", "Digests", "ImageModel", "JSON"]),
    tests(of: "ImageRecord", uses: ["Diagnostics", "Digests", "ImageModel", "JSON"]),
    tests(of: "ImageReference", resources: [.copy("Fixtures")]),
    tests(
      of: "ImageResolution",
      uses: [
        "ContainerStorage", "ContainersConfiguration", "Diagnostics", "Digests", "ImageModel", "ImageReference",
        "JSON", "POSIX",
      ],
      resources: [.copy("Fixtures")]),
    tests(
      of: "ImageSaving",
      uses: [
        "ContainerStorage", "Diagnostics", "Digests", "Gzip", "ImageArchive", "ImageManifest", "ImageRecord",
        "ImageResolution", "POSIX", "StoreFixtures",
      ]),
    tests(of: "JSON"),
    tests(of: "Options", uses: ["Diagnostics", "POSIX"]),
    tests(of: "POSIX", uses: ["Diagnostics", "StoreFixtures"]),
    tests(of: "StoreFixtures", uses: ["CZlib", "Digests", "JSON"]),
    tests(of: "Tar"),
  ] + fuzzers
)
