import Diagnostics
import ImageReference
import POSIX

/// A reference to an image in an archive or a directory: `oci-archive:PATH:NAME`.
///
/// Source: containers/image, oci/layout, oci/archive, docker/archive and directory.
public struct ImageFileReference: Hashable, Sendable {
  /// The transports for archives and directories, as written before the first colon.
  public enum Transport: String, Sendable, CaseIterable {
    /// A directory with a manifest and its blobs.
    case dir
    /// A tar with a `manifest.json`.
    case dockerArchive = "docker-archive"
    /// A directory with an OCI layout.
    case oci
    /// A tar with an OCI layout.
    case ociArchive = "oci-archive"

    /// Whether the images are in a tar.
    public var isArchive: Bool { self == .dockerArchive || self == .ociArchive }
  }

  /// The archive or directory of a reference.
  public struct Place: Hashable, Sendable {
    /// The transport.
    public let transport: Transport
    /// The path as typed; `-` is standard input for archives.
    public let path: String

    /// Describes a place.
    public init(transport: Transport, path: String) {
      self.transport = transport
      self.path = path
    }

    /// Whether the archive is read from standard input.
    public var isStandardInput: Bool { transport.isArchive && path == "-" }

    /// The place as typed: `oci-archive:PATH`.
    public var text: String { "\(transport.rawValue):\(path)" }

    /// A reference to the image with a name here.
    public func text(_ name: String) -> String { "\(text):\(name)" }
  }

  /// Which image of the place is meant.
  public enum Selector: Hashable, Sendable {
    /// The only one.
    case only
    /// The one with a name.
    case name(String)
    /// The one at a position of `index.json` or `manifest.json`, from 0.
    case index(Int)
  }

  /// The archive or directory.
  public let place: Place
  /// The image in it.
  public let selector: Selector

  /// Reads a reference; nil for a text without one of the transports.
  ///
  /// - Throws: A failure of the kind `usage` for a text that its transport refuses.
  public init?(_ text: String) throws(Failure) {
    guard let (transport, rest) = ImageFileReference.split(text) else { return nil }
    do throws(Failure) {
      switch transport {
      case .dir: self.init(transport, rest, .only)
      case .oci, .ociArchive: try self.init(transport, layout: rest)
      case .dockerArchive: try self.init(dockerArchive: rest)
      }
    } catch {
      throw error.within(text)
    }
    if place.path.isEmpty { throw Failure(.usage, text, "the path is empty") }
  }

  /// Splits a text at its first colon; nil if the first part is not one of the transports.
  public static func split(_ text: String) -> (transport: Transport, rest: Substring)? {
    guard let colon = text.utf8.firstIndex(of: 0x3A),
      let transport = Transport(rawValue: String(text[..<colon]))
    else { return nil }
    return (transport, text[text.utf8.index(after: colon)...])
  }

  private init(_ transport: Transport, _ path: some StringProtocol, _ selector: Selector) {
    place = Place(transport: transport, path: String(path))
    self.selector = selector
  }

  private init(_ transport: Transport, layout text: Substring) throws(Failure) {
    let (path, name) = splitLayout(text)
    if transport == .oci, name.hasPrefix("@") {
      guard let index = imageIndex(name) else { throw Failure(.usage, "", "invalid index \(name)") }
      self.init(transport, path, .index(index))
      return
    }
    guard ImageReference.isValidOCIReferenceName(String(name)) else {
      throw Failure(.usage, "", "Invalid image \(name)")
    }
    self.init(transport, path, name.isEmpty ? .only : .name(String(name)))
  }

  private init(dockerArchive text: Substring) throws(Failure) {
    guard text.utf8.contains(0x3A) else {
      self.init(.dockerArchive, text, .only)
      return
    }
    let (path, name) = splitLayout(text)
    if name.hasPrefix("@") {
      guard let index = imageIndex(name) else { throw Failure(.usage, "", "invalid index \(name)") }
      self.init(.dockerArchive, path, .index(index))
      return
    }
    do {
      if try ImageReference.parseNormalized(String(name)).digest != nil {
        throw Failure(.usage, "", "a name with a digest cannot be in a docker-archive")
      }
    } catch let error as ReferenceError {
      throw Failure(.usage, "", error.description)
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.usage, "", "\(error)")
    }
    self.init(.dockerArchive, path, .name(String(name)))
  }
}

/// The path and the image name of a reference to a layout; the name may be empty.
///
/// Source: containers/image oci/internal, SplitPathAndImage.
public func splitLayout(_ text: Substring) -> (path: Substring, name: Substring) {
  guard let colon = text.utf8.firstIndex(of: 0x3A) else { return (text, "") }
  return (text[..<colon], text[text.utf8.index(after: colon)...])
}

/// The number in `@N`; nil for any other text.
public func imageIndex(_ text: Substring) -> Int? {
  guard text.hasPrefix("@"), let index = Int(text.dropFirst()), index >= 0 else { return nil }
  return index
}
