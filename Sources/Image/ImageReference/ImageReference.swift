/// The name of a container image: a repository, and optionally a tag, a digest or both.
///
/// Every value has passed the grammar of names, so all its texts are ASCII. The function that makes it decides
/// whether it is normalised (fully qualified): ``parse(_:)`` keeps `busybox` as it is, ``parseNormalized(_:)``
/// makes `docker.io/library/busybox` of it.
/// Source: containers/image docker/reference, which is a fork of distribution/reference and differs from it.
public struct ImageReference: Hashable, Sendable {
  /// The host, with its port if there is one; empty if the name has none.
  ///
  /// In a name that is not normalised this is the first of several components (`library` in
  /// `library/busybox`), if that has the form of a host.
  public let domain: String
  /// The components of the repository below the host, separated by slashes; never empty.
  public let path: String
  /// The tag, without its colon.
  public let tag: String?
  /// The digest as `algorithm:hex`, without its at sign.
  ///
  /// If read from a reference, the algorithm is sha256, sha384 or sha512, with the right number of digits;
  /// ``withDigest(_:)`` guarantees less.
  public let digest: String?

  init(domain: String, path: String, tag: String?, digest: String?) {
    self.domain = domain
    self.path = path
    self.tag = tag
    self.digest = digest
  }

  /// The repository: domain and path, without tag and digest.
  public var name: String {
    domain.isEmpty ? path : domain + "/" + path
  }

  /// Whether the first component can only be a registry, so the name is not a short one.
  ///
  /// Source: containers/image pkg/shortnames, and NormalizeName of libimage.
  public var hasRegistry: Bool {
    namesRegistry(Array(domain.utf8)[...])
  }
}

extension ImageReference: CustomStringConvertible {
  /// The whole reference: `name[:tag][@digest]`.
  public var description: String {
    var text = name
    if let tag { text += ":" + tag }
    if let digest { text += "@" + digest }
    return text
  }
}
