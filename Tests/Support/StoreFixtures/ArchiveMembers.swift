/// A member of a tar, as GNU tar or any other reader sees it.
public struct FoundMember: Sendable {
  /// The name in the header.
  public let name: String
  /// The type flag.
  public let type: UInt8
  /// The target of a link.
  public let link: String
  /// The data.
  public let content: [UInt8]
}

/// Bytes that are not a complete tar.
public struct MalformedTar: Error {
  /// What is wrong.
  public let reason: String
}

/// The members of a complete tar with ustar headers, without PAX records, and two zero blocks at its end.
public func tarMembers(of tar: [UInt8]) throws(MalformedTar) -> [FoundMember] {
  var members: [FoundMember] = []
  var offset = 0
  func text(_ start: Int, _ width: Int) -> String {
    String(decoding: tar[(offset + start)..<(offset + start + width)].prefix { $0 != 0 }, as: UTF8.self)
  }
  while offset + 512 <= tar.count, tar[offset] != 0 {
    guard let size = Int(text(124, 12), radix: 8), offset + 512 + size <= tar.count else {
      throw MalformedTar(reason: "member \(members.count + 1): its size")
    }
    members.append(
      FoundMember(
        name: text(0, 100), type: tar[offset + 156], link: text(157, 100),
        content: Array(tar[(offset + 512)..<(offset + 512 + size)])))
    offset += 512 + (size + 511) / 512 * 512
  }
  guard tar.count - offset == 1024, tar[offset...].allSatisfy({ $0 == 0 }) else {
    throw MalformedTar(reason: "its end")
  }
  return members
}
