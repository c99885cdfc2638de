import CLinux

/// The type of a file system, from statfs(2).
public struct FileSystemType: Hashable, Sendable {
  private let number: UInt32

  /// The type of the file system of an existing path.
  public static func of(_ path: Path) throws(SystemError) -> FileSystemType {
    var number: UInt32 = 0
    _ = try retrying("statfs", path.description) {
      path.withCString { Int(img_file_system_type($0, &number)) }
    }
    return FileSystemType(number: number)
  }

  /// Whether a file without a name can always be created and linked: local file systems of Linux.
  public var linksUnnamedFiles: Bool { FileSystemType.local.contains(number) }

  /// The name of a file system that is known to lack some way to name files; nil for any other.
  public var limitedName: String? { FileSystemType.limited[number] }

  /// Whether the type is that of /proc.
  public var isProc: Bool { number == 0x9FA0 }

  /// ext2 to ext4, XFS, Btrfs, tmpfs, F2FS.
  ///
  /// Source: linux/magic.h.
  private static let local: Set<UInt32> = [0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0xF2F5_2010]

  /// Network, FUSE and foreign file systems.
  ///
  /// Sources: linux/magic.h, statfs(2).
  private static let limited: [UInt32: String] = [
    0x6969: "NFS", 0x6573_5546: "FUSE", 0x0102_1997: "9p", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB",
    0x00C3_6400: "Ceph", 0x2FC1_2FC1: "ZFS", 0x4D44: "FAT", 0x2011_BAB0: "exFAT", 0x7366_746E: "NTFS",
    0x5346_414F: "AFS", 0x786F_4256: "vboxsf",
  ]
}
