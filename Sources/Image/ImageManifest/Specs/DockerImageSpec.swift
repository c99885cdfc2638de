import GoJSON

extension DockerSpec {
  /// An image in Docker's first image format.
  ///
  /// Source: manifest/docker_schema2.go (`Schema2V1Image`).
  struct V1Image: GoStruct {
    static let goTypeName = "manifest.Schema2V1Image"
    static let fields: GoFields<V1Image> = [
      .optional("id", \.id), .optional("parent", \.parent), .optional("comment", \.comment),
      .always("created", \.created), .optional("container", \.container),
      .always("container_config", \.containerConfig), .optional("docker_version", \.dockerVersion),
      .optional("author", \.author), .optional("config", \.config), .optional("architecture", \.architecture),
      .optional("variant", \.variant), .optional("os", \.os), .optional("Size", \.size),
    ]

    var id = ""
    var parent = ""
    var comment = ""
    var created = GoTime()
    var container = ""
    var containerConfig = Config()
    var dockerVersion = ""
    var author = ""
    var config: Config?
    var architecture = ""
    var variant = ""
    var os = ""
    var size: Int64 = 0
  }

  /// Source: manifest/docker_schema2.go (`Schema2Config`).
  struct Config: GoStruct {
    static let goTypeName = "manifest.Schema2Config"
    static let fields: GoFields<Config> = [
      .always("Hostname", \.hostname), .always("Domainname", \.domainName), .always("User", \.user),
      .always("AttachStdin", \.attachesStdin), .always("AttachStdout", \.attachesStdout),
      .always("AttachStderr", \.attachesStderr), .optional("ExposedPorts", \.exposedPorts),
      .always("Tty", \.hasTerminal), .always("OpenStdin", \.opensStdin), .always("StdinOnce", \.stdinOnce),
      .always("Env", \.environment), .always("Cmd", \.command), .optional("Healthcheck", \.healthcheck),
      .optional("ArgsEscaped", \.argumentsEscaped), .always("Image", \.image), .always("Volumes", \.volumes),
      .always("WorkingDir", \.workingDirectory), .always("Entrypoint", \.entrypoint),
      .optional("NetworkDisabled", \.networkDisabled), .optional("MacAddress", \.macAddress),
      .always("OnBuild", \.onBuild), .always("Labels", \.labels), .optional("StopSignal", \.stopSignal),
      .optional("StopTimeout", \.stopTimeout), .optional("Shell", \.shell),
    ]

    var hostname = ""
    var domainName = ""
    var user = ""
    var attachesStdin = false
    var attachesStdout = false
    var attachesStderr = false
    var exposedPorts: GoSet?
    var hasTerminal = false
    var opensStdin = false
    var stdinOnce = false
    var environment: [String]?
    var command = GoStringOrList()
    var healthcheck: Healthcheck?
    var argumentsEscaped = false
    var image = ""
    var volumes: GoSet?
    var workingDirectory = ""
    var entrypoint = GoStringOrList()
    var networkDisabled = false
    var macAddress = ""
    var onBuild: [String]?
    var labels: [[UInt8]: String]?
    var stopSignal = ""
    var stopTimeout: Int?
    var shell = GoStringOrList()
  }

  /// Source: manifest/docker_schema2.go (`Schema2HealthConfig`).
  struct Healthcheck: GoStruct {
    static let goTypeName = "manifest.Schema2HealthConfig"
    static let fields: GoFields<Healthcheck> = [
      .optional("Test", \.test), .optional("StartPeriod", \.startPeriod), .optional("Interval", \.interval),
      .optional("Timeout", \.timeout), .optional("Retries", \.retries),
    ]

    var test: [String]?
    var startPeriod = Duration()
    var interval = Duration()
    var timeout = Duration()
    var retries = 0
  }

  /// A time span in nanoseconds.
  struct Duration: GoNamed {
    static let goTypeName = "time.Duration"

    var value: Int64 = 0
  }

  /// Source: manifest/docker_schema2.go (`Schema2RootFS`).
  struct RootFS: GoStruct {
    static let goTypeName = "manifest.Schema2RootFS"
    static let fields: GoFields<RootFS> = [.always("type", \.type), .optional("diff_ids", \.diffIDs)]

    var type = ""
    var diffIDs: [DigestText]?
  }

  /// Source: manifest/docker_schema2.go (`Schema2History`).
  struct History: GoStruct {
    static let goTypeName = "manifest.Schema2History"
    static let fields: GoFields<History> = [
      .always("created", \.created), .optional("author", \.author), .optional("created_by", \.createdBy),
      .optional("comment", \.comment), .optional("empty_layer", \.isEmptyLayer),
    ]

    var created = GoTime()
    var author = ""
    var createdBy = ""
    var comment = ""
    var isEmptyLayer = false
  }
}
