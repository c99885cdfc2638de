/// The tables of storage.conf(5) with their keys, in lower case.
///
/// The union of two releases of containers/storage: 1.62 (podman 5.8) and 1.64. Keys of drivers that this module
/// does not use are part of it. ASCII case of keys is ignored, as in the original decoder.
/// Source: containers/storage types/options.go, TomlConfig; pkg/config/config.go, OptionsConfig.
enum StorageKeys {
  /// The keys by table; a table is named by its dotted path, the document by the empty text.
  ///
  /// A table without an entry, `pull_options`, has keys of any name.
  static let byTable: [String: [String]] = [
    "": ["storage"],
    "storage": [
      "driver", "driver_priority", "graphroot", "imagestore", "options", "rootless_storage_path", "runroot",
      "transient_store",
    ],
    "storage.options": [
      "additionalimagestores", "additionallayerstores", "auto-userns-max-size", "auto-userns-min-size", "btrfs",
      "disable-volatile", "force_mask", "ignore_chown_errors", "mount_program", "mountopt",
      "overlay", "pull_options", "root-auto-userns-user", "size", "skip_mount_home", "thinpool",
      "vfs", "zfs",
    ],
    "storage.options.btrfs": ["min_space", "size"],
    "storage.options.overlay": [
      "force_mask", "ignore_chown_errors", "inodes", "mount_program", "mountopt", "size", "skip_mount_home",
      "sync", "use_composefs",
    ],
    // The devicemapper driver is gone; only the table is left.
    "storage.options.thinpool": [],
    "storage.options.vfs": ["ignore_chown_errors", "sync"],
    "storage.options.zfs": ["fsname", "mountopt", "size"],
  ]

  /// The keys, by table, that containers/storage decodes without a use.
  static let unused = ["storage.options": ["imagestore", "use_composefs"]]

  /// The dotted path of a key.
  static func path(of key: String, in table: String) -> String {
    table.isEmpty ? key : "\(table).\(key)"
  }

  /// The tables that have a key, in the order of their names.
  static func tables(with key: String) -> [String] {
    byTable.filter { $0.value.contains(key) }.keys.sorted()
  }
}
