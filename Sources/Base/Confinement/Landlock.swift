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

  /// Confines the calling thread; nil if the kernel cannot.
  ///
  /// Places that do not exist are left out: whoever uses them finds that out.
  static func enter(writes: [Path]?, reads: [Path]?) -> Int? {
    let version = Int(img_landlock_version())
    // Version 1 forbids every rename between directories.
    guard version >= 2 else { return nil }
    // Rules that do not handle renames between directories forbid them.
    var handled: Rights = [.execute, .refer]
    if writes != nil { handled.formUnion(.writing) }
    if reads != nil { handled.formUnion(.reading) }
    handled.formIntersection(.known(to: version))
    // Version 4: TCP; version 6: signals and abstract sockets of processes outside.
    let descriptor = img_landlock_create(handled.rawValue, version >= 4 ? 3 : 0, version >= 6 ? 3 : 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    for place in reads ?? [] { allow(.reading, at: place, handled, descriptor) }
    if writes == nil { allow(.refer, at: "/", handled, descriptor) }
    for place in writes ?? [] { allow(.writing, at: place, handled, descriptor) }
    return img_landlock_enter(descriptor) == 0 ? version : nil
  }

  private static func allow(_ rights: Rights, at place: Path, _ handled: Rights, _ rules: CInt) {
    guard let file = try? FileDescriptor.open(place, pathOnlyFlag) else { return }
    let isDirectory = (try? file.status(place.description).kind) == .directory
    let allowed = rights.intersection(handled).intersection(isDirectory ? handled : .ofFile)
    guard !allowed.isEmpty else { return }
    _ = img_landlock_allow(rules, file.number, allowed.rawValue)
  }
}
