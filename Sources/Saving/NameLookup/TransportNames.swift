import ImageFiles
import ImageReference
import POSIX

/// A transport whose name can precede an image name, as in `dir:/some/path`.
///
/// Source: containers/image transports/alltransports.
enum Transport: String, CaseIterable {
  case atomic
  case containersStorage = "containers-storage"
  case dir
  case docker
  case dockerArchive = "docker-archive"
  case dockerDaemon = "docker-daemon"
  case oci
  case ociArchive = "oci-archive"
  case ostree
  case sif
  case tarball

  /// Splits a text at its first colon; nil if the first part is not a transport.
  static func split(_ text: String) -> (transport: Transport, rest: Substring)? {
    guard let colon = text.utf8.firstIndex(of: 0x3A),
      let transport = Transport(rawValue: String(text[..<colon]))
    else { return nil }
    return (transport, text[text.utf8.index(after: colon)...])
  }

  /// Whether the transport accepts a text as its own reference; otherwise the text is an image name.
  ///
  /// Reads nothing, in particular not standard input (`tarball:-`).
  func accepts(_ text: Substring, files: FileProbe) -> Bool {
    switch self {
    case .containersStorage, .ostree: false
    case .dir, .sif: files.acceptsPath(text)
    case .oci: acceptsLayout(text, indexes: true, files)
    case .ociArchive: acceptsLayout(text, indexes: false, files)
    case .docker: acceptsRegistryName(text)
    case .dockerArchive: acceptsDockerArchive(text)
    case .dockerDaemon: acceptsDaemonName(text)
    case .atomic: acceptsStream(text)
    case .tarball:
      text.split(separator: ":", omittingEmptySubsequences: false)
        .allSatisfy { $0 == "-" || files.isReadable(Path($0.utf8)) }
    }
  }
}

/// Whether a text is `PATH[:NAME]` or, if `indexes`, `PATH:@INDEX`.
///
/// Source: containers/image oci/layout, oci/archive.
private func acceptsLayout(_ text: Substring, indexes: Bool, _ files: FileProbe) -> Bool {
  let (path, name) = splitLayout(text)
  guard files.acceptsPath(path) else { return false }
  if indexes, name.hasPrefix("@") { return imageIndex(name) != nil }
  return ImageReference.isValidOCIReferenceName(String(name))
}

/// Whether a text is `//NAME` with a tag or a digest, but not both.
///
/// Source: containers/image docker.
private func acceptsRegistryName(_ text: Substring) -> Bool {
  guard text.hasPrefix("//") else { return false }
  let name = text.dropFirst(2)
  let suffix = "@@unknown-digest@@"
  if name.hasSuffix(suffix) {
    guard let reference = try? ImageReference.parseNormalized(String(name.dropLast(suffix.count))) else {
      return false
    }
    return reference.tag == nil && reference.digest == nil
  }
  guard let reference = try? ImageReference.parseNormalized(String(name)) else { return false }
  return reference.tag == nil || reference.digest == nil
}

/// Whether a text is `PATH`, `PATH:NAME[:TAG]` or `PATH:@INDEX`.
///
/// Source: containers/image docker/archive.
private func acceptsDockerArchive(_ text: Substring) -> Bool {
  if text.isEmpty { return false }
  guard let colon = text.utf8.firstIndex(of: 0x3A) else { return true }
  let name = text[text.utf8.index(after: colon)...]
  if name.hasPrefix("@") { return imageIndex(name) != nil }
  guard let reference = try? ImageReference.parseNormalized(String(name)) else { return false }
  return reference.digest == nil
}

/// Whether a text is `NAME:TAG`, `NAME@DIGEST` or the digest of a config.
///
/// Source: containers/image docker/daemon.
private func acceptsDaemonName(_ text: Substring) -> Bool {
  if isDigest(text) { return text.hasPrefix("sha256:") }
  guard let reference = try? ImageReference.parseNormalized(String(text)),
    reference.name != "docker.io/library/sha256"
  else { return false }
  return (reference.tag == nil) != (reference.digest == nil)
}

/// Whether a text is `HOST/NAMESPACE/STREAM:TAG`.
///
/// Source: containers/image openshift.
private func acceptsStream(_ text: Substring) -> Bool {
  guard let reference = try? ImageReference.parseNormalized(String(text)), reference.tag != nil else {
    return false
  }
  return reference.path.split(separator: "/").count == 2
}

/// Whether a text is a digest of a known algorithm.
///
/// Source: opencontainers/go-digest, Parse.
func isDigest(_ text: some StringProtocol) -> Bool {
  guard let reference = try? ImageReference.parse("x@\(text)") else { return false }
  return reference.digest?.utf8.elementsEqual(text.utf8) == true
}
