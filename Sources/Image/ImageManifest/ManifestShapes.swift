extension GoStruct {
  /// What tells manifests apart.
  ///
  /// Source: containers/image, internal/manifest/manifest.go (`GuessMIMEType`).
  static let manifestKind = GoStruct(
    "manifest", [.always("mediaType", .string), .always("schemaVersion", .int), .always("signatures", .any)])

  /// What tells manifests of schema version 2 without a known media type apart.
  static let manifestContents = GoStruct(
    "manifest",
    [
      .always("config", .structure(GoStruct("config", [.always("mediaType", .string)]))),
      .always("manifests", .list(.any)),
    ])

  /// The members by which one manifest could be taken for one of another kind.
  ///
  /// Source: containers/image, internal/manifest/common.go (`ValidateUnambiguousManifestFormat`).
  static let ambiguousFields = GoStruct(
    "manifest",
    [
      .always("config", .any), .always("fsLayers", .any), .always("history", .any), .always("layers", .any),
      .always("manifests", .any),
    ])

  /// Source: OCI image-spec v1.1, specs-go/v1/manifest.go.
  static let ociManifest = GoStruct(
    "v1.Manifest",
    [
      .always("schemaVersion", .int), .optional("mediaType", .string), .optional("artifactType", .string),
      .always("config", .structure(ociDescriptor)), .always("layers", .list(.structure(ociDescriptor))),
      .optional("subject", .pointer(.structure(ociDescriptor))), .optional("annotations", .map(.string)),
    ])

  /// Source: OCI image-spec v1.1, specs-go/v1/index.go.
  static let ociIndex = GoStruct(
    "v1.Index",
    [
      .always("schemaVersion", .int), .optional("mediaType", .string), .optional("artifactType", .string),
      .always("manifests", .list(.structure(ociDescriptor))),
      .optional("subject", .pointer(.structure(ociDescriptor))), .optional("annotations", .map(.string)),
    ])

  static let ociDescriptor = GoStruct(
    "v1.Descriptor",
    [
      .always("mediaType", .string), .always("digest", .digest), .always("size", .int64),
      .optional("urls", .strings), .optional("annotations", .map(.string)), .optional("data", .bytes),
      .optional("platform", .pointer(.structure(ociPlatform))), .optional("artifactType", .string),
    ])

  private static let ociPlatform = GoStruct(
    "v1.Platform",
    [
      .always("architecture", .string), .always("os", .string), .optional("os.version", .string),
      .optional("os.features", .strings), .optional("variant", .string),
    ])

  /// Source: containers/image, manifest/docker_schema2.go.
  static let dockerManifest = GoStruct(
    "manifest.Schema2",
    [
      .always("schemaVersion", .int), .always("mediaType", .string),
      .always("config", .structure(dockerDescriptor)), .always("layers", .list(.structure(dockerDescriptor))),
    ])

  private static let dockerDescriptor = GoStruct(
    "manifest.Schema2Descriptor",
    [
      .always("mediaType", .string), .always("size", .int64), .always("digest", .digest),
      .optional("urls", .strings),
    ])

  /// Source: containers/image, manifest/docker_schema1.go.
  static let schema1Manifest = GoStruct(
    "manifest.Schema1",
    [
      .always("name", .string), .always("tag", .string), .always("architecture", .string),
      .always(
        "fsLayers",
        .list(.structure(GoStruct("manifest.Schema1FSLayers", [.always("blobSum", .digest)])))),
      .always(
        "history",
        .list(.structure(GoStruct("manifest.Schema1History", [.always("v1Compatibility", .string)])))),
      .always("schemaVersion", .int),
    ])
}
