import CommandLine
import CommandSupport
import ContainersConfiguration
import ContainersStorage
import Diagnostics
import DockerStore
import Glibc
import ImageModel
import ImageSource
import NameLookup
import POSIX

/// The options for the store and the lookup of images; the same in all tools that read a store.
public struct StoreOptions: OptionGroup {
  private var chosenStore: StoreKind?
  var namespace: String?
  var root: String?
  var runroot: String?
  var imagestore: String?
  var storageDriver: String?
  var storageOpt: [String] = []
  var platforms = PlatformOptions()

  /// The options, in the order of the help.
  public static var options: [Option<StoreOptions>] {
    [
      .choice("store", value: "STORE", "Whose store to read.", default: StoreKind.podman) {
        $0.chosenStore = $1
      },
      .text("root", value: "DIR", "Root of the store. (default: that of its configuration)") { $0.root = $1 },
      .text("namespace", value: "NS", "Namespace in containerd's store. (default: default)") {
        $0.namespace = $1
      },
      .text("runroot", value: "DIR", "Run root of the store; nothing is read from it.") {
        $0.runroot = $1
      },
      .text("imagestore", value: "DIR", "Separate root for images.") { $0.imagestore = $1 },
      .text(
        "storage-driver", value: "NAME",
        "Storage driver: overlay, vfs, btrfs; overlay2 and others of Docker. (default: detected)"
      ) {
        $0.storageDriver = $1
      },
      .text("storage-opt", value: "KEY=VALUE", "Option of the storage driver; repeatable.", repeats: true) {
        $0.storageOpt.append($1)
      },
    ] + PlatformOptions.options(at: \.platforms)
  }

  /// The options before a command line is parsed.
  public init() {}

  /// The chosen store.
  var store: StoreKind { chosenStore ?? .podman }

  /// Opens the store of the options, the environment and the configuration files.
  ///
  /// Prints notes about the configuration files unless `quiet`, and, for `all` images, that there is no store.
  func storeCatalog(
    _ messages: Messages, quiet: Bool, all: Bool = false
  ) throws(Failure) -> any ImageCatalog {
    try refuseOptionsOfOtherStores()
    switch store {
    case .podman: return try podmanCatalog(messages, quiet: quiet, all: all)
    case .docker:
      let options = DockerOptions(root: root, driver: storageDriver)
      return try dockerCatalog(messages, quiet: quiet, all: all, options)
    case .containerd: return try containerdCatalog(messages, all: all, root: root, namespace: namespace)
    }
  }

  private func podmanCatalog(
    _ messages: Messages, quiet: Bool, all: Bool
  ) throws(Failure) -> any ImageCatalog {
    let environment = Environment.all
    try check()
    let configuration = try StorageConfiguration.discover(
      options: StorageOptions(
        root: root, runRoot: runroot, imageStore: imagestore, driver: storageDriver, driverOptions: storageOpt),
      environment: environment, userID: geteuid())
    let hint: StoreHint
    do { hint = try StoreHint(of: configuration) } catch { throw error.advisingOnStore() }
    let notes = LookupNotes(messages)
    let patience = LockPatience()
    let onWait: @Sendable (Path) -> Void = { path in
      messages.note("\(path): waiting for a writer to release the lock")
    }
    var options = LookupOptions(
      shortNames: ConfiguredShortNames(environment: environment, userID: geteuid()),
      openStore: { specification throws(Failure) in
        do throws(Failure) {
          return try StoreSnapshot(
            of: StoreLocation(configuration.selecting(specification)), patience: patience, onWait: onWait)
        } catch {
          throw error.advisingOnStore()
        }
      },
      note: { note in notes.print(note) })
    options.hint = { hint.text }
    if !quiet { messages.tell(configuration.ignoredKeys) }
    if all, !quiet, hint.isWithoutStore, let text = hint.text { messages.note("no images: \(text)") }
    if messages.isVerbose {
      messages.tell(configuration)
      options.trace = { step in messages.detail("\(step)") }
    }
    let platforms = try platformChoice()
    if platforms.takesLists {
      options.lists = platforms
    } else {
      options.platform = try self.platforms.requested().first
    }
    do throws(Failure) {
      return try Resolver(
        StoreLocation(configuration), options: options, patience: patience, onWait: onWait)
    } catch {
      throw error.advisingOnStore()
    }
  }

  /// The platforms of the options.
  func platformChoice() throws(Failure) -> PlatformChoice { try platforms.choice() }

  /// The option that asks for lists, as typed; nil for one image of each.
  public func listOption() throws(Failure) -> String? { try platforms.listOption() }

  /// The first option that is set, as typed.
  public var firstGiven: String? { firstOfStore ?? platforms.firstGiven }

  /// The first option about a store that is set, as typed.
  var firstOfStore: String? {
    let options = [
      ("--store", chosenStore?.rawValue), ("--namespace", namespace), ("--root", root), ("--runroot", runroot),
      ("--imagestore", imagestore),
      ("--storage-driver", storageDriver), ("--storage-opt", storageOpt.first),
    ]
    return options.first { $0.1 != nil }?.0
  }

  /// Refuses missing folders and misspelt drivers.
  private func check() throws(Failure) {
    for folder in [root, imagestore].compactMap(\.self) {
      do {
        try StoreRoot(at: Path(folder)).check(folder)
      } catch {
        throw error.advisingOnStore()
      }
    }
    // These are other existing drivers, not misspelt ones.
    if let storageDriver, (try? StorageDriver(named: storageDriver)) == nil,
      !["aufs", "devicemapper", "windowsfilter", "zfs"].contains(storageDriver),
      let near = nearest(to: storageDriver, among: ["overlay", "vfs", "btrfs"])
    {
      throw Failure(
        .usage, "--storage-driver",
        "'\(storageDriver)' is not one of overlay, vfs, btrfs. Did you mean '\(near)'?")
    }
  }
}
