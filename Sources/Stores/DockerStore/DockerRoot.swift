import Bolt
import Diagnostics
import POSIX

/// What the user says about the store of Docker to read.
public struct DockerOptions: Sendable {
  /// The data root; nil for that of the machine.
  public var root: String?
  /// The graph driver; nil for the one in use.
  public var driver: String?

  /// Describes what the user says.
  public init(root: String? = nil, driver: String? = nil) {
    self.root = root
    self.driver = driver
  }
}

/// Where the images of a Docker daemon are: in its own store, or in that of its containerd.
public enum DockerRoot: Equatable, Sendable {
  /// In Docker's own store.
  case graph(DockerLocation)
  /// In a namespace of containerd's store with a root.
  case containerd(root: Path, namespace: String)

  /// Finds the store: the data root, the folder of a remapped user in it, and the graph driver.
  ///
  /// `note` receives which of two stores is taken.
  ///
  /// - Throws: A ``Diagnostics/Failure`` of the kind `unavailable` without a store, or with a driver that cannot be
  ///   read; `usage` if the user must choose; `noPermission` for another user's store.
  public init(
    _ options: DockerOptions, environment: [String: String], userID: UInt32, systemFolder: Path = "/etc/docker",
    note: (String) -> Void = { _ in }
  ) throws(Failure) {
    do throws(Failure) {
      let finder = try DockerFinder(options, environment, userID, systemFolder)
      self = try finder.find(note)
    } catch {
      throw error.advisingOnDocker()
    }
  }
}

/// One search for the store of Docker.
struct DockerFinder {
  private let options: DockerOptions
  private let configuration: DaemonConfiguration
  /// The data root.
  let root: Path

  init(
    _ options: DockerOptions, _ environment: [String: String], _ userID: UInt32, _ systemFolder: Path
  ) throws(Failure) {
    self.options = options
    let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? Path($0) : nil }
    func folder(_ variable: String, _ name: String) -> Path? {
      let base = environment[variable].flatMap { $0.hasPrefix("/") ? Path($0) : nil } ?? home?.appending(name)
      return base?.appending("docker")
    }
    var configuration = DaemonConfiguration()
    var root: Path = "/var/lib/docker"
    let own = userID == 0 ? nil : folder("XDG_DATA_HOME", ".local/share")
    if let own, own.exists, let folder = folder("XDG_CONFIG_HOME", ".config") {
      root = own
      configuration = try DaemonConfiguration(folder.appending("daemon.json"))
    } else {
      configuration = try DaemonConfiguration(systemFolder.appending("daemon.json"))
    }
    if let dataRoot = configuration.dataRoot, dataRoot.hasPrefix("/") { root = Path(dataRoot) }
    if let given = options.root {
      let given = try DockerFinder.absolute(given)
      // The settings are those of another data root.
      if given.appending("") != root.appending("") { configuration = DaemonConfiguration() }
      root = given
    }
    self.configuration = configuration
    self.root = root
  }

  private static func absolute(_ text: String) throws(Failure) -> Path {
    do {
      return try Path(text).resolved()
    } catch {
      if error.isNotFound { throw Failure(.unavailable, text, "no such directory") }
      throw error.dockerFailure(at: Path(text))
    }
  }

  func find(_ note: (String) -> Void) throws(Failure) -> DockerRoot {
    guard try isPresent(root) else {
      let origin = configuration.file.map { " (from \($0))" } ?? ""
      throw Failure(.unavailable, root.description, "there is no store of Docker\(origin)")
    }
    let folder = try remappedFolder() ?? root
    let drivers = try graphDrivers(in: folder)
    let containerd = try containerdRoot()
    if let containerd, try usesContainerd(drivers, in: folder) {
      if !drivers.isEmpty {
        note("\(root): reading the images in containerd's store, not those in \(folder)/image")
      }
      // With userns-remap, the namespace is that of the user. Source: moby, daemon/command/daemon.go.
      let user = "moby-\(folder.lastComponent)"
      let others = containerd.namespaces.contains("moby") ? "moby" : containerd.namespaces[0]
      return .containerd(root: containerd.root, namespace: containerd.namespaces.contains(user) ? user : others)
    }
    if drivers.isEmpty, options.driver == nil {
      throw Failure(.unavailable, root.description, "not a data root of Docker: it has no images")
    }
    if containerd != nil {
      note("\(root): reading the images in \(folder)/image, not those in containerd's store")
    }
    return .graph(DockerLocation(root: folder, driver: try driver(among: drivers, in: folder)))
  }

  /// The folder of the user to whom `userns-remap` maps root; nil without one.
  private func remappedFolder() throws(Failure) -> Path? {
    if !configuration.isRemapped, try isPresent(root.appending("image")) { return nil }
    var folders: [Path] = []
    for name in try entries(root) where isRemapFolder(name) {
      let folder = root.appending(name)
      if try isPresent(folder.appending("image")) { folders.append(folder) }
    }
    guard folders.count <= 1 else {
      let names = folders.map(\.description).joined(separator: ", ")
      throw Failure(
        .usage, root.description, "several users have images here; choose one with --root: \(names)")
    }
    return folders.first
  }

  /// The names of the drivers that have metadata of images.
  private func graphDrivers(in folder: Path) throws(Failure) -> [String] {
    let known = DockerDriver.allCases.map(\.rawValue) + ["zfs", "aufs", "overlay", "devicemapper"]
    var drivers: [String] = []
    for name in try entries(folder.appending("image")).map(\.description) where known.contains(name) {
      if try isPresent(folder.appending("image/\(name)/imagedb")) { drivers.append(name) }
    }
    return drivers
  }

  /// Chooses a driver as the daemon does at its start.
  ///
  /// Source: moby, daemon/graphdriver/driver.go: vfs is never taken for the driver of before.
  private func driver(among drivers: [String], in folder: Path) throws(Failure) -> DockerDriver {
    if let name = options.driver { return try DockerDriver(named: name) }
    if let name = configuration.storageDriver, drivers.contains(name) { return try DockerDriver(named: name) }
    if drivers.count == 1 { return try DockerDriver(named: drivers[0]) }
    for name in ["overlay2", "fuse-overlayfs", "btrfs", "zfs"] where drivers.contains(name) {
      if try !entries(folder.appending(name)).isEmpty { return try DockerDriver(named: name) }
    }
    throw Failure(
      .usage, root.description,
      "images of several drivers; choose one with --storage-driver: \(drivers.joined(separator: ", "))")
  }

  /// The root of the containerd with images of this daemon; nil if there is none.
  private func containerdRoot() throws(Failure) -> (root: Path, namespaces: [String])? {
    for candidate in containerdRoots(ofData: root) {
      let namespaces = namespaces(candidate)
      if !namespaces.isEmpty { return (candidate, namespaces) }
    }
    return nil
  }

  /// The namespaces of a containerd with images of Docker: with a graph driver there is none.
  private func namespaces(_ root: Path) -> [String] {
    guard let database = RegistryDigests.database(root) else { return [] }
    do throws(Failure) {
      return try database.read(dockerNamespaces)
    } catch {
      return []
    }
  }

  /// Whether the daemon uses containerd's store, which exists.
  ///
  /// Source: moby, daemon/image_store_choice.go.
  private func usesContainerd(_ drivers: [String], in folder: Path) throws(Failure) -> Bool {
    if options.driver != nil { return false }
    if drivers.isEmpty { return true }
    if let setting = configuration.usesContainerd { return setting }
    for name in drivers where try !entries(folder.appending(name)).isEmpty { return false }
    return true
  }

  private func isPresent(_ path: Path) throws(Failure) -> Bool {
    do {
      return try path.isPresent()
    } catch {
      throw error.dockerFailure(at: path)
    }
  }

  /// The names in a directory; none if it is missing.
  private func entries(_ path: Path) throws(Failure) -> [Path] {
    do {
      return try path.directoryEntries()
    } catch {
      if error.isNotFound { return [] }
      throw error.dockerFailure(at: path)
    }
  }
}

/// The namespaces of Docker that have images in a database of containerd.
private func dockerNamespaces(_ root: BoltBucket) throws(Failure) -> [String] {
  var namespaces: [String] = []
  try root.bucket("v1")?.visit { name, entry throws(Failure) in
    let name = String(decoding: name, as: UTF8.self)
    if name != "moby", !name.hasPrefix("moby-") { return }
    if case .bucket(let namespace) = entry, try namespace.bucket("images") != nil { namespaces.append(name) }
  }
  return namespaces
}
