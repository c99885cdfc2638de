// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: one place, so that no target is checked less than the others.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A floor of Sources and of Tests: a module may import those of its own floor listed before it, and any below.
enum Floor: String {
  case c = "C"
  case base = "Base"
  case image = "Image"
  case stores = "Stores"
  case formats = "Formats"
  case saving = "Saving"
  case tools = "Tools"
}

/// A library module; `uses` are the modules below it, and the build refuses any other import.
func module(_ name: String, on floor: Floor, uses: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: uses, path: "Sources/\(floor.rawValue)/\(name)", swiftSettings: strict)
}

/// The Clang module of a system library, found by pkg-config.
func library(_ name: String, pkgConfig: String, package: String) -> Target {
  .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// How the release of a tool is linked: with everything that it needs, at fixed addresses.
///
/// Such a tool runs on any Linux of the architecture and starts at once: to load libraries and to relocate takes half of
/// the time of a look-up. The linker is the one that every toolchain has.
let whole: [LinkerSetting] = [
  .unsafeFlags(["-use-ld=lld", "-static-executable"], .when(configuration: .release))
]

/// The same with ISA-L, of which distributions have no static library: it and the C library are shared.
let wholeButISAL =
  whole + [
    .unsafeFlags(
      ["-no-static-executable", "-Xclang-linker", "-no-pie", "-Xclang-linker", "-static-libgcc"],
      .when(configuration: .release, traits: ["ISAL"]))
  ]

/// A tool: a thin executable over the modules it wires together.
func tool(_ name: String, uses: [Target.Dependency], linked linkage: [LinkerSetting] = whole) -> Target {
  .executableTarget(
    name: name, dependencies: ["CommandLine", "CommandSupport", "Diagnostics"] + uses,
    path: "Sources/Tools/\(name)", swiftSettings: strict, linkerSettings: linkage)
}

/// The Swift Testing suite of a module.
func tests(
  of name: String, on floor: Floor, uses: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + uses,
    path: "Tests/\(floor.rawValue)/\(name)Tests", resources: resources, swiftSettings: strict,
    linkerSettings: [.unsafeFlags(["-L\(Context.packageDirectory)/Tests/Support/Linker"])])
}

/// libzstd, in builds with the trait.
let zstd = Target.Dependency.target(name: "CZstd", condition: .when(traits: ["ZSTD"]))

/// The libFuzzer program of all targets; only with IMG_FUZZ=1, because it can be linked only with the fuzzer's runtime.
let fuzzer: [Target] =
  Context.environment["IMG_FUZZ"] == "1"
  ? [
    .executableTarget(
      name: "fuzz", dependencies: ["FuzzTargets"], path: "Fuzz/Program",
      swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
  ]
  : []

let package = Package(
  name: "img",
  products: [
    .executable(name: "img-resolve", targets: ["img-resolve"]),
    .executable(name: "img-manifest", targets: ["img-manifest"]),
    .executable(name: "img-tar", targets: ["img-tar"]),
    .executable(name: "img-save", targets: ["img-save"]),
  ],
  traits: [
    .trait(name: "ISAL", description: "Compress with Intel's ISA-L where it is fastest (Debian: libisal-dev)."),
    .trait(name: "ZSTD", description: "Read and write zstd (Debian: libzstd-dev)."),
  ],
  targets: [
    // C: system libraries, and the few Linux calls that Glibc's module does not offer.
    library("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
    library("CCrypto", pkgConfig: "libcrypto", package: "libssl-dev"),
    library("CZstd", pkgConfig: "libzstd", package: "libzstd-dev"),
    library("CISAL", pkgConfig: "libisal", package: "libisal-dev"),
    .target(name: "CLinux", path: "Sources/C/CLinux"),

    // No knowledge of images.
    module("Diagnostics", on: .base),
    module("Digests", on: .base, uses: ["CCrypto"]),
    module("Base64", on: .base),
    module("JSON", on: .base, uses: ["CLinux"]),
    module("TOML", on: .base),
    module("POSIX", on: .base, uses: ["CLinux", "Diagnostics"]),
    module("Compression", on: .base, uses: ["CZlib", "Diagnostics", "POSIX"]),
    module("Tar", on: .base, uses: ["Compression", "Diagnostics"]),
    module(
      "ISALCompression", on: .base,
      uses: [.target(name: "CISAL", condition: .when(traits: ["ISAL"])), "Compression", "Diagnostics"]),
    module("ZstdCompression", on: .base, uses: [zstd, "Compression", "Diagnostics"]),
    module("Confinement", on: .base, uses: ["CLinux", "Diagnostics", "POSIX"]),
    module("CommandLine", on: .base, uses: ["Diagnostics", "POSIX"]),

    // What images are made of.
    module("GoJSON", on: .image, uses: ["Base64", "JSON"]),
    module("ImageReference", on: .image, uses: ["Diagnostics", "GoJSON"]),
    module("ImageModel", on: .image, uses: ["Digests"]),
    module("ImageManifest", on: .image, uses: ["Diagnostics", "Digests", "GoJSON", "ImageModel", "JSON"]),
    module(
      "ImageRecord", on: .image,
      uses: ["Base64", "Diagnostics", "Digests", "ImageManifest", "ImageModel", "JSON"]),

    // Where images come from.
    module(
      "ImageSource", on: .stores,
      uses: [
        "Compression", "Diagnostics", "Digests", "GoJSON", "ImageManifest", "ImageModel", "ImageRecord",
        "POSIX",
        "ZstdCompression",
      ]),
    module("Bolt", on: .stores, uses: ["Diagnostics", "POSIX"]),
    module(
      "TarSplit", on: .stores,
      uses: ["Base64", "Compression", "Diagnostics", "Digests", "ImageSource", "JSON", "POSIX"]),
    module(
      "ContainersStorage", on: .stores,
      uses: [
        "Base64", "Compression", "Diagnostics", "Digests", "ImageModel", "ImageRecord", "ImageSource", "JSON",
        "POSIX", "TarSplit",
      ]),
    module(
      "ContainersConfiguration", on: .stores,
      uses: [
        "ContainersStorage", "Diagnostics", "ImageReference", "POSIX", "TOML",
      ]),

    module(
      "ImageFiles", on: .stores,
      uses: [
        "Base64", "Compression", "Diagnostics", "Digests", "ImageManifest", "ImageModel", "ImageRecord",
        "ImageReference", "ImageSource", "JSON", "POSIX", "Tar", "ZstdCompression",
      ]),

    module(
      "DockerStore", on: .stores,
      uses: [
        "Bolt", "Diagnostics", "Digests", "ImageManifest", "ImageModel", "ImageRecord", "ImageReference",
        "ImageSource", "JSON", "POSIX", "TarSplit",
      ]),
    module(
      "ContainerdStore", on: .stores,
      uses: [
        "Bolt", "Diagnostics", "Digests", "ImageFiles", "ImageManifest", "ImageModel", "ImageRecord",
        "ImageReference", "ImageSource", "JSON", "POSIX", "TOML",
      ]),

    // What is written.
    module(
      "LayerPipeline", on: .formats,
      uses: ["Compression", "Diagnostics", "Digests", "ImageModel", "ImageSource", "POSIX"]),
    module("Outputs", on: .formats, uses: ["Diagnostics", "Digests", "POSIX"]),
    module(
      "ImageFormats", on: .formats,
      uses: [
        "Compression", "Diagnostics", "Digests", "ImageManifest", "ImageModel", "ImageReference", "ImageSource",
        "JSON", "LayerPipeline", "Outputs", "POSIX", "Tar",
      ]),

    // What the tools do.
    module(
      "NameLookup", on: .saving,
      uses: [
        "ContainersConfiguration", "ContainersStorage", "Diagnostics", "Digests", "GoJSON", "ImageFiles",
        "ImageManifest", "ImageModel", "ImageRecord", "ImageReference", "ImageSource", "JSON", "POSIX",
      ]),
    module(
      "KnownLayers", on: .saving,
      uses: [
        "Compression", "Diagnostics", "Digests", "ImageManifest", "ImageModel", "ImageRecord", "ImageSource",
        "JSON", "POSIX", "Tar", "ZstdCompression",
      ]),
    module(
      "Saving", on: .saving,
      uses: [
        "Compression", "Diagnostics", "Digests", "ImageFormats", "ImageManifest", "ImageModel", "ImageRecord",
        "ImageReference", "ImageSource", "JSON", "LayerPipeline", "Outputs", "POSIX",
      ]),
    module(
      "Verification", on: .saving,
      uses: [
        "Compression", "Diagnostics", "Digests", "ImageManifest", "ImageModel", "ImageRecord", "ImageReference",
        "ImageSource", "JSON", "LayerPipeline", "POSIX", "Tar", "ZstdCompression",
      ]),

    // The tools: option parsing and wiring.
    module("CommandSupport", on: .tools, uses: ["CommandLine", "Confinement", "Diagnostics", "POSIX"]),
    module(
      "ResolveCommands", on: .tools,
      uses: [
        "CommandLine", "CommandSupport", "ContainerdStore", "ContainersConfiguration", "ContainersStorage",
        "Diagnostics", "DockerStore",
        "ImageFiles", "ImageModel", "ImageRecord", "ImageSource", "NameLookup", "POSIX",
      ]),
    module(
      "HaveCommands", on: .tools,
      uses: [
        "CommandLine", "CommandSupport", "Diagnostics", "Digests", "ImageModel", "ImageRecord", "KnownLayers",
        "POSIX",
      ]),
    module(
      "SaveCommands", on: .tools,
      uses: [
        "CommandLine", "CommandSupport", "Compression", "ContainerdStore", "ContainersStorage", "Diagnostics",
        "Digests", "DockerStore", "ISALCompression", "ImageFiles", "ImageFormats", "ImageManifest",
        "ImageModel", "ImageRecord", "ImageSource", "JSON", "KnownLayers", "LayerPipeline", "Outputs", "POSIX",
        "Saving", "Verification", "ZstdCompression",
      ]),
    tool("img-resolve", uses: ["ImageRecord", "ImageSource", "POSIX", "ResolveCommands"]),
    tool("img-manifest", uses: ["HaveCommands", "ImageManifest", "ImageModel", "ImageRecord"]),
    tool(
      "img-tar", uses: ["HaveCommands", "ISALCompression", "ImageRecord", "SaveCommands", "Saving"],
      linked: wholeButISAL),
    tool(
      "img-save",
      uses: [
        "HaveCommands", "ISALCompression", "ImageFormats", "ImageRecord", "ImageSource", "ResolveCommands",
        "SaveCommands", "Saving",
      ],
      linked: wholeButISAL),

    // Test support: containers-storage directories of known content. Foundation is allowed here only.
    .target(
      name: "StoreFixtures",
      dependencies: ["CZlib", "Compression", "Diagnostics", "Digests", "ImageModel", "JSON"],
      path: "Tests/Support/StoreFixtures", swiftSettings: strict),
    .executableTarget(
      name: "make-sample-store", dependencies: ["StoreFixtures"], path: "Tests/Support/MakeSampleStore",
      swiftSettings: strict, linkerSettings: [.unsafeFlags(["-use-ld=lld"], .when(configuration: .release))]),

    // What is fuzzed; the program is `fuzzer`, the tests replay the corpora.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "Bolt", "CZlib", "Compression", "ContainersConfiguration", "ContainersStorage", "Diagnostics",
        "Digests", "GoJSON", "ISALCompression", "ImageFiles", "ImageManifest", "ImageModel", "ImageRecord",
        "ImageReference", "ImageSource", "JSON", "KnownLayers", "POSIX", "TOML", "Tar", "TarSplit",
        "Verification",
      ],
      path: "Fuzz/Targets", swiftSettings: strict),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),

    tests(of: "Base64", on: .base),
    tests(
      of: "DockerStore", on: .stores,
      uses: [
        "Diagnostics", "Digests", "ImageModel", "ImageRecord", "ImageSource", "JSON", "POSIX", "StoreFixtures",
      ]),
    tests(
      of: "ContainerdStore", on: .stores,
      uses: [
        "Diagnostics", "Digests", "ImageFiles", "ImageModel", "ImageRecord", "ImageSource", "JSON", "POSIX",
        "StoreFixtures",
      ]),
    tests(of: "Bolt", on: .stores, uses: ["Diagnostics", "POSIX", "StoreFixtures"]),
    tests(
      of: "ContainersStorage", on: .stores,
      uses: [
        "Base64", "Diagnostics", "Digests", "ImageModel", "ImageRecord", "ImageSource", "JSON", "POSIX",
        "StoreFixtures", "TarSplit",
      ]),
    tests(of: "TarSplit", on: .stores),
    tests(
      of: "ImageSource", on: .stores,
      uses: [
        "Diagnostics", "Digests", "ImageManifest", "ImageModel", "ImageRecord", "JSON", "POSIX",
        "StoreFixtures",
      ]),
    tests(
      of: "ContainersConfiguration", on: .stores,
      uses: ["Diagnostics", "ImageReference", "POSIX", "StoreFixtures"],
      resources: [.copy("Fixtures")]),
    tests(of: "Diagnostics", on: .base),
    tests(of: "Confinement", on: .base, uses: ["POSIX", "StoreFixtures"]),
    tests(of: "Digests", on: .base),
    tests(
      of: "Compression", on: .base,
      uses: ["Diagnostics", "ISALCompression", "ImageSource", "POSIX", "StoreFixtures"]),
    tests(
      of: "ImageFormats", on: .formats,
      uses: [
        "Compression", "Diagnostics", "Digests", "ImageManifest", "ImageModel", "ImageSource", "JSON",
        "LayerPipeline", "Outputs", "POSIX", "StoreFixtures", "Tar",
      ], resources: [.copy("Fixtures")]),
    tests(
      of: "ImageFiles", on: .stores,
      uses: [
        "Diagnostics", "Digests", "ImageManifest", "ImageModel", "ImageRecord", "ImageSource", "POSIX",
        "StoreFixtures", "Tar",
      ],
      resources: [.copy("Fixtures")]),
    tests(
      of: "LayerPipeline", on: .formats,
      uses: ["Compression", "Diagnostics", "Digests", "ImageModel", "ImageSource"]),
    tests(of: "Outputs", on: .formats, uses: ["Diagnostics", "POSIX", "StoreFixtures"]),
    tests(of: "GoJSON", on: .image, uses: ["JSON"]),
    tests(of: "ImageManifest", on: .image, uses: ["Diagnostics", "Digests", "GoJSON", "ImageModel", "JSON"]),
    tests(of: "ImageRecord", on: .image, uses: ["Diagnostics", "Digests", "ImageModel", "JSON"]),
    tests(of: "ImageReference", on: .image, uses: ["GoJSON"], resources: [.copy("Fixtures")]),
    tests(
      of: "NameLookup", on: .saving,
      uses: [
        "ContainersStorage", "ContainersConfiguration", "Diagnostics", "Digests", "ImageFiles", "ImageManifest",
        "ImageModel", "ImageReference", "ImageSource", "JSON", "POSIX", "StoreFixtures",
      ],
      resources: [.copy("Fixtures")]),
    tests(
      of: "Saving", on: .saving,
      uses: [
        "Compression", "ContainersStorage", "Diagnostics", "Digests", "ImageFormats", "ImageManifest",
        "ImageModel", "ImageRecord", "ImageSource", "JSON", "LayerPipeline", "NameLookup", "Outputs", "POSIX",
        "StoreFixtures", "Verification", "ZstdCompression",
      ]),
    tests(
      of: "KnownLayers", on: .saving,
      uses: ["Diagnostics", "Digests", "ImageModel", "ImageRecord", "POSIX", "StoreFixtures"],
      resources: [.copy("Fixtures")]),
    tests(
      of: "SaveCommands", on: .tools, uses: ["Diagnostics", "Digests", "ImageModel"]),
    tests(
      of: "Verification", on: .saving,
      uses: ["Compression", "Diagnostics", "Digests", "JSON", "KnownLayers", "POSIX", "StoreFixtures", "Tar"],
      resources: [.copy("Fixtures")]),
    tests(of: "JSON", on: .base),
    tests(of: "CommandLine", on: .base, uses: ["Diagnostics", "POSIX"]),
    tests(of: "POSIX", on: .base, uses: ["Diagnostics", "StoreFixtures"]),
    .testTarget(
      name: "StoreFixturesTests", dependencies: ["StoreFixtures", "CZlib", "Digests", "JSON"],
      path: "Tests/Support/StoreFixturesTests", swiftSettings: strict),
    tests(of: "Tar", on: .base, uses: ["Compression", "Diagnostics"]),
    tests(
      of: "ZstdCompression", on: .base, uses: [zstd, "Compression", "Diagnostics", "StoreFixtures"]),
    tests(of: "TOML", on: .base, uses: ["JSON"], resources: [.copy("Fixtures")]),
  ] + fuzzer
)
