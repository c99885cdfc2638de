import POSIX

extension ImageFileReference {
  /// The references whose path starts with that of a prefix, `oci-archive:PATH`, for a shell; folders end in a slash.
  ///
  /// Names with a colon are left out: only `dir:` can have one in its path.
  public static func pathCompletions(of prefix: String) -> [String] {
    guard let (transport, rest) = split(prefix), transport == .dir || !rest.utf8.contains(0x3A) else {
      return []
    }
    let folder = rest.lastIndex(of: "/").map { rest[...$0] } ?? ""
    let start = rest[folder.endIndex...]
    let entries = (try? Path(folder.isEmpty ? "." : String(folder)).directoryEntries()) ?? []
    return entries.compactMap { entry in
      guard let name = String(validating: entry.bytes, as: UTF8.self), name.hasPrefix(start),
        start.hasPrefix(".") || !name.hasPrefix("."), transport == .dir || !name.utf8.contains(0x3A),
        let status = try? FileStatus.of(Path(String(folder)).appending(entry))
      else { return nil }
      let text = "\(transport.rawValue):\(folder)\(name)"
      switch status.kind {
      case .directory: return text + "/"
      case .regular: return transport.isArchive ? text : nil
      case .special, .symbolicLink: return nil
      }
    }
  }
}
