import Diagnostics
import Digests
import GoJSON
import JSON

/// What an edited config must be, so that every reader takes it: readers of Go refuse other types.
///
/// Each failure has the kind `badData`, and the path of the member as its subject.
/// Sources: OCI image-spec v1.1, config.md; moby, image/spec and daemon/internal/image/store.go.
enum ConfigRules {
  private static let integers: Set<[UInt8]> = Set(
    [
      "interval", "timeout", "startperiod", "startinterval", "retries", "stoptimeout", "memory", "memoryswap",
      "cpushares", "size",
    ].map { Array($0.utf8) })

  /// Whether a member of this name is an integer in Go's structs.
  static func isInteger(_ name: [UInt8]) -> Bool { integers.contains(foldedName(name)) }

  /// Refuses a config that is none, or not that of these layers.
  static func check(_ content: JSONValue, diffIDs: [Digest]) throws(Failure) {
    let config = try Member(content, "").fields()
    for name in ["os", "architecture"] {
      guard let text = config[name]?.value.string, !text.isEmpty else {
        throw config.failure(name, "expected a string that is not empty")
      }
    }
    try config["variant"]?.string()
    try config["created"]?.time()
    try integers(in: config)
    try checkRootFS(config, diffIDs)
    try checkHistory(config, layers: diffIDs.count)
    for name in ["config", "container_config"] {
      if let member = config[name], !member.value.isNull { try checkRunning(member.fields()) }
    }
  }

  private static func checkRootFS(_ config: Member, _ diffIDs: [Digest]) throws(Failure) {
    guard let rootfs = try config["rootfs"]?.fields() else { throw config.failure("rootfs", "missing") }
    guard rootfs["type"]?.value.string == "layers" else {
      throw rootfs.failure("type", "expected \"layers\"")
    }
    let names = rootfs["diff_ids"]
    guard names?.value.kind == .array || names?.value.isNull ?? true,
      Array(names?.value.elements.map(\.string) ?? []) == diffIDs.map(\.description)
    else {
      throw rootfs.failure("diff_ids", "not the digests of the layers in order; layers cannot be edited")
    }
  }

  private static func checkHistory(_ config: Member, layers: Int) throws(Failure) {
    guard let history = config["history"], !history.value.isNull else { return }
    var count = 0
    let entries = try history.elements()
    for entry in entries {
      let fields = try entry.fields()
      try fields["created"]?.time()
      for name in ["created_by", "author", "comment"] { try fields[name]?.string() }
      let isEmpty = fields["empty_layer"]?.value
      guard isEmpty == nil || isEmpty?.isNull == true || isEmpty?.kind == .boolean else {
        throw fields.failure("empty_layer", "expected true or false")
      }
      if isEmpty?.bool != true { count += 1 }
    }
    guard entries.isEmpty || count == layers else {
      throw history.failure(
        "\(count) entries without empty_layer for \(layers) layers; delete all or add the rest")
    }
  }

  private static func checkRunning(_ config: Member) throws(Failure) {
    for name in ["Cmd", "Entrypoint", "OnBuild", "Shell"] { try config[name]?.strings() }
    for entry in try config["Env"]?.strings() ?? [] where entry.value.string?.contains("=") != true {
      throw entry.failure("expected NAME=VALUE")
    }
    if let labels = config["Labels"], !labels.value.isNull {
      for label in try labels.object().members() {
        guard label.value.kind == .string else { throw label.failure("expected a string") }
      }
    }
    for name in ["ExposedPorts", "Volumes"] {
      guard let set = config[name], !set.value.isNull else { continue }
      for entry in try set.object().members() { _ = try entry.object() }
    }
    for name in ["User", "WorkingDir", "StopSignal"] { try config[name]?.string() }
    try integers(in: config)
    if let health = config["Healthcheck"], !health.value.isNull {
      let fields = try health.fields()
      try fields["Test"]?.strings()
      try integers(in: fields)
    }
  }

  private static func integers(in object: Member) throws(Failure) {
    for member in object.members() where isInteger(member.name) && !member.value.isNull {
      guard member.value.integralValue != nil else { throw member.failure("expected an integer of 64 bits") }
    }
  }
}
