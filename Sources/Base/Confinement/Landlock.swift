import CLinux
import Glibc
import POSIX

/// Landlock: rules about which files a thread can reach.
///
/// Source: Linux, Documentation/userspace-api/landlock.rst, include/uapi/linux/landlock.h.
enum Landlock {
  /// Rights to files, the bits of `LANDLOCK_ACCESS_FS_*`.
  struct Rights: OptionSet {
    let rawValue: UInt64

    static let execute = Rights(rawValue: 1 << 0)
    static let writeFile = Rights(rawValue: 1 << 1)
    static let readFile = Rights(rawValue: 1 << 2)
    static let readDirectory = Rights(rawValue: 1 << 3)
    /// Removing, and creating of every kind: bits 4 to 12.
    static let changeDirectory = Rights(rawValue: 0x1FF0)
    /// Renames and links between directories; version 2.
    static let refer = Rights(rawValue: 1 << 13)
    /// Version 3.
    static let truncate = Rights(rawValue: 1 << 14)

    static let reading: Rights = [.readFile, .readDirectory]
    static let writing: Rights = [.writeFile, .changeDirectory, .refer, .truncate]
    /// Those that a file can have that is no directory.
    static let ofFile: Rights = [.execute, .writeFile, .readFile, .truncate]

    /// Those that a version of the interface knows.
    static func known(to version: Int) -> Rights {
      version >= 3 ? Rights(rawValue: 0x7FFF) : Rights(rawValue: 0x3FFF)
    }
  }

  /// What a set of rules handles, and so forbids unless a rule allows it.
  struct Handled: Equatable {
    var files: Rights
    /// The bits of `LANDLOCK_ACCESS_NET_*`: TCP.
    var network: UInt64
    /// The bits of `LANDLOCK_SCOPE_*`: signals and abstract sockets of processes outside.
    var scopes: UInt64

    /// As much as a version of the interface can handle; nil for versions that cannot be used.
    init?(version: Int, confinesWrites: Bool, confinesReads: Bool) {
      // Version 1 forbids every rename between directories.
      guard version >= 2 else { return nil }
      // Rules that do not handle renames between directories forbid them.
      files = [.execute, .refer]
      if confinesWrites { files.formUnion(.writing) }
      if confinesReads { files.formUnion(.reading) }
      files.formIntersection(.known(to: version))
      network = version >= 4 ? 3 : 0
      scopes = version >= 6 ? 3 : 0
    }
  }

  /// Confines the calling thread; nil if the kernel cannot.
  ///
  /// Places that do not exist are left out: whoever uses them finds that out.
  static func enter(writes: [Path]?, reads: [Path]?) throws(SystemError) -> Int? {
    let version = Int(img_landlock_version())
    guard let handled = Handled(version: version, confinesWrites: writes != nil, confinesReads: reads != nil)
    else { return nil }
    let isConfined = try isOffered { () throws(SystemError) in
      let rules = CInt(
        try retrying("landlock_create_ruleset", "") {
          Int(img_landlock_create(handled.files.rawValue, handled.network, handled.scopes))
        })
      defer { close(rules) }
      for place in reads ?? [] { try allow(.reading, at: place, handled.files, rules) }
      if writes == nil { try allow(.refer, at: "/", handled.files, rules) }
      for place in writes ?? [] { try allow(.writing, at: place, handled.files, rules) }
      _ = try retrying("landlock_restrict_self", "") { Int(img_landlock_enter(rules)) }
    }
    return isConfined ? version : nil
  }

  private static func allow(_ rights: Rights, at place: Path, _ handled: Rights, _ rules: CInt)
    throws(SystemError)
  {
    _ = try isOffered { () throws(SystemError) in
      let file = try FileDescriptor.open(place, pathOnlyFlag)
      let isDirectory = try file.status(place.description).kind == .directory
      let allowed = rights.intersection(handled).intersection(isDirectory ? handled : .ofFile)
      let number = file.number
      _ = try retrying("landlock_add_rule", place.description) {
        Int(img_landlock_allow(rules, number, allowed.rawValue))
      }
    }
  }
}
