import Diagnostics
import POSIX
import TOML

/// Where a store of containerd is on disk, and the namespace of its images.
public struct ContainerdLocation: Hashable, Sendable {
  /// The root of the daemon.
  public let root: Path
  /// The namespace: `default`, `k8s.io`, `moby`.
  public let namespace: String

  /// Names a store; nothing is read.
  public init(root: Path, namespace: String) {
    self.root = root
    self.namespace = namespace
  }

  /// The database with the names of images.
  var database: Path { root.appending("io.containerd.metadata.v1.bolt/meta.db") }

  /// The folder with the blobs, of all namespaces.
  var content: Path { root.appending("io.containerd.content.v1.content") }

  /// The namespace that `ctr` and `nerdctl` use.
  public static let defaultNamespace = "default"

  /// The roots of distributions of Kubernetes, for advice.
  private static let otherRoots: [Path] = [
    "/var/lib/rancher/k3s/agent/containerd", "/var/snap/microk8s/common/var/lib/containerd",
    "/var/lib/k0s/containerd",
  ]

  /// The root of the daemon of a user.
  ///
  /// Source: containerd, defaults/defaults_unix.go, cmd/containerd/server/config (`root`).
  public static func defaultRoot(
    environment: [String: String], userID: UInt32, configuration: Path = "/etc/containerd/config.toml"
  ) throws(Failure) -> Path {
    if userID != 0 {
      let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? Path($0) : nil }
      let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? Path($0) : nil }
      let own = (data ?? home?.appending(".local/share"))?.appending("containerd")
      if let own, own.exists { return own }
    }
    let bytes: [UInt8]
    do {
      bytes = try configuration.contents(limit: 1 << 20)
    } catch {
      if error.isNotFound { return "/var/lib/containerd" }
      throw error.failure
    }
    do {
      if case .string(let root)? = try TOMLTable(parsing: bytes)["root"], root.hasPrefix("/") {
        return Path(root)
      }
    } catch {
      throw Failure(.badData, configuration.description, "\(error)")
    }
    return "/var/lib/containerd"
  }

  /// Refuses a root without the files of containerd.
  func check() throws(Failure) {
    do {
      if try database.isPresent() { return }
    } catch {
      throw Failure(error.failure.kind, root.description, error.reason).advisingOnContainerd()
    }
    let docker = root.appending("containerd/daemon")
    let others = [docker] + ContainerdLocation.otherRoots
    let other = others.first { ContainerdLocation(root: $0, namespace: namespace).database.exists }
    let advice = other.map { " (did you mean --root \($0)?)" } ?? ""
    throw Failure(.unavailable, root.description, "there is no store of containerd\(advice)")
  }
}

extension Failure {
  /// Adds how a store can be read if permission is missing; no advice for root.
  func advisingOnContainerd() -> Failure {
    advising { owner in
      owner == .ownUser
        ? "for rootless containerd run under `unshare -U --map-root-user --map-auto`"
        : "another user's store: run as that user, or with sudo for root's"
    }
  }
}
