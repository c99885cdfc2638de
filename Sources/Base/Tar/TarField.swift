/// The fields of a header (POSIX.1-1988, "ustar"; those of GNU tar from its manual, "Basic Tar Format").
enum TarField {
  static let name = 0..<100
  static let mode = 100..<108
  static let userID = 108..<116
  static let groupID = 116..<124
  static let size = 124..<136
  static let modificationTime = 136..<148
  static let checksum = 148..<156
  static let type = 156..<157
  static let linkTarget = 157..<257
  static let magic = 257..<265
  static let deviceMajor = 329..<337
  static let deviceMinor = 337..<345
  static let prefix = 345..<500
  /// The prefix in headers of star, which has times after it.
  static let starPrefix = 345..<476
  /// The mark of star's headers.
  static let starTrailer = 508..<512
  /// Whether blocks of GNU's old sparse format follow: in the header, and in each such block.
  static let isExtended = 482
  static let isExtendedAgain = 504
}
