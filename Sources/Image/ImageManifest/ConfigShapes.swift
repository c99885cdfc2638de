extension GoStruct {
  /// An OCI image configuration.
  ///
  /// Source: OCI image-spec v1.1, specs-go/v1/config.go (`Image`, with `Platform` embedded).
  static let ociImage = GoStruct(
    "v1.Image",
    [
      .optional("created", .pointer(.time)), .optional("author", .string),
      .always("architecture", .string), .always("os", .string), .optional("os.version", .string),
      .optional("os.features", .strings), .optional("variant", .string),
      .always("config", .structure(ociImageConfig)), .always("rootfs", .structure(ociRootFS)),
      .optional("history", .list(.structure(ociHistory))),
    ])

  private static let ociImageConfig = GoStruct(
    "v1.ImageConfig",
    [
      .optional("User", .string), .optional("ExposedPorts", .set), .optional("Env", .strings),
      .optional("Entrypoint", .strings), .optional("Cmd", .strings), .optional("Volumes", .set),
      .optional("WorkingDir", .string), .optional("Labels", .map(.string)), .optional("StopSignal", .string),
      .optional("ArgsEscaped", .bool),
    ])

  private static let ociRootFS = GoStruct(
    "v1.RootFS", [.always("type", .string), .always("diff_ids", .list(.digest))])

  private static let ociHistory = GoStruct(
    "v1.History",
    [
      .optional("created", .pointer(.time)), .optional("created_by", .string), .optional("author", .string),
      .optional("comment", .string), .optional("empty_layer", .bool),
    ])

  /// The part of a `v1Compatibility` text that the manifest itself is checked and converted by.
  ///
  /// Source: containers/image, manifest/docker_schema1.go (`Schema1V1Compatibility`).
  static let schema1Compatibility = GoStruct(
    "manifest.Schema1V1Compatibility",
    [
      .always("id", .string), .optional("parent", .string), .optional("comment", .string),
      .always("created", .time),
      .always(
        "container_config",
        .structure(GoStruct("manifest.schema1V1CompatibilityContainerConfig", [.always("Cmd", .strings)]))),
      .optional("author", .string), .optional("throwaway", .bool),
    ])

  /// A whole image in the terms of Docker's first image format.
  ///
  /// Source: containers/image, manifest/docker_schema2.go (`Schema2V1Image`).
  static let dockerV1Image = GoStruct(
    "manifest.Schema2V1Image",
    [
      .optional("id", .string), .optional("parent", .string), .optional("comment", .string),
      .always("created", .time), .optional("container", .string),
      .always("container_config", .structure(dockerConfig)), .optional("docker_version", .string),
      .optional("author", .string), .optional("config", .pointer(.structure(dockerConfig))),
      .optional("architecture", .string), .optional("variant", .string), .optional("os", .string),
      .optional("Size", .int64),
    ])

  private static let dockerConfig = GoStruct(
    "manifest.Schema2Config",
    [
      .always("Hostname", .string), .always("Domainname", .string), .always("User", .string),
      .always("AttachStdin", .bool), .always("AttachStdout", .bool), .always("AttachStderr", .bool),
      .optional("ExposedPorts", .set), .always("Tty", .bool), .always("OpenStdin", .bool),
      .always("StdinOnce", .bool), .always("Env", .strings), .always("Cmd", .stringOrList),
      .optional("Healthcheck", .pointer(.structure(dockerHealthcheck))), .optional("ArgsEscaped", .bool),
      .always("Image", .string), .always("Volumes", .set), .always("WorkingDir", .string),
      .always("Entrypoint", .stringOrList), .optional("NetworkDisabled", .bool),
      .optional("MacAddress", .string), .always("OnBuild", .strings), .always("Labels", .map(.string)),
      .optional("StopSignal", .string), .optional("StopTimeout", .pointer(.int)),
      .optional("Shell", .stringOrList),
    ])

  private static let dockerHealthcheck = GoStruct(
    "manifest.Schema2HealthConfig",
    [
      .optional("Test", .strings), .optional("StartPeriod", .integer(named: "time.Duration")),
      .optional("Interval", .integer(named: "time.Duration")),
      .optional("Timeout", .integer(named: "time.Duration")), .optional("Retries", .int),
    ])
}
