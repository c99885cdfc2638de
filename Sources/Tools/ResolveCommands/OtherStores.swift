import CommandSupport
import ContainerdStore
import Diagnostics
import DockerStore
import Glibc
import ImageFiles
import ImageSource
import NameLookup
import POSIX

/// The stores that images can come from, as `--store` names them.
enum StoreKind: String, CaseIterable {
  /// containers-storage: podman, buildah, CRI-O.
  case podman
  /// Docker.
  case docker
  /// containerd: nerdctl, Kubernetes, Docker with its image store.
  case containerd
}

extension StoreOptions {
  /// Opens Docker's store: its own, or that of its containerd.
  func dockerCatalog(
    _ messages: Messages, quiet: Bool, all: Bool, _ options: DockerOptions
  ) throws(Failure) -> any ImageCatalog {
    let platforms = try platformChoice()
    let found = try DockerRoot(options, environment: Environment.all, userID: geteuid()) { note in
      if !quiet { messages.note(note) }
    }
    switch found {
    case .graph(let location):
      messages.detail("Docker's store in \(location.root), storage driver \(location.driver.rawValue)")
      return try DockerCatalog(location, listsAll: all, accepts: platforms.accepts)
    case .containerd(let root, let namespace):
      messages.detail("Docker's images in containerd's store in \(root), namespace \(namespace)")
      return try ContainerdCatalog(
        ContainerdLocation(root: root, namespace: namespace), listsAll: all, platforms: platforms)
    }
  }

  /// Opens a namespace of containerd's store.
  func containerdCatalog(
    _ messages: Messages, all: Bool, root: String?, namespace: String?
  ) throws(Failure) -> any ImageCatalog {
    let place: Path
    if let root {
      do {
        place = try Path(root).resolved()
      } catch {
        throw error.isNotFound
          ? Failure(.unavailable, root, "no such directory") : Failure(error.failure.kind, root, error.reason)
      }
    } else {
      place = try ContainerdLocation.defaultRoot(environment: Environment.all, userID: geteuid())
    }
    let location = ContainerdLocation(root: place, namespace: namespace ?? ContainerdLocation.defaultNamespace)
    messages.detail("containerd's store in \(place), namespace \(location.namespace)")
    return try ContainerdCatalog(location, listsAll: all, platforms: try platformChoice())
  }

  /// Opens the store of a reference, whatever the store that the options choose.
  func catalog(
    of store: OtherStoreReference.Store, _ messages: Messages, quiet: Bool
  ) throws(Failure) -> any ImageCatalog {
    switch store {
    case .docker: try dockerCatalog(messages, quiet: quiet, all: false, DockerOptions())
    case .containerd(let namespace, let root):
      try containerdCatalog(messages, all: false, root: root, namespace: namespace)
    }
  }

  /// Refuses options that have no effect on the chosen store.
  func refuseOptionsOfOtherStores() throws(Failure) {
    let options: [(name: String, isGiven: Bool, stores: [StoreKind])] = [
      ("--runroot", runroot != nil, [.podman]), ("--imagestore", imagestore != nil, [.podman]),
      ("--storage-driver", storageDriver != nil, [.podman, .docker]),
      ("--storage-opt", !storageOpt.isEmpty, [.podman]), ("--namespace", namespace != nil, [.containerd]),
    ]
    for option in options where option.isGiven && !option.stores.contains(store) {
      throw Failure(.usage, option.name, "has no effect with --store \(store.rawValue)")
    }
  }
}
