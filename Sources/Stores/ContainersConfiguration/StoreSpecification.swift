/// The store part of a reference: `[driver@graphroot+runroot:options]`, without its brackets.
///
/// Source: containers/image storage/storage_transport.go, ParseReference.
public struct StoreSpecification: Equatable, Sendable {
  /// The name of the driver, if given.
  public let driver: String?
  /// The graph root, an absolute path, if given.
  public let graphRoot: String?
  /// The run root, an absolute path, if given.
  public let runRoot: String?
  /// The driver options, if there is a colon; they replace all configured ones.
  public let options: [String]?

  /// Why a text is not a store specification.
  public enum ParseError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No closing bracket, or an empty part that must not be empty.
    case invalid
    /// A root that is not an absolute path.
    case pathNotAbsolute

    /// The error with the text of containers/image.
    public var description: String {
      switch self {
      case .invalid: "invalid reference"
      case .pathNotAbsolute: "path name is not absolute"
      }
    }
  }

  /// Parses the text between the brackets.
  public init(_ text: some StringProtocol) throws(ParseError) {
    guard !text.isEmpty else { throw .invalid }
    let text = Substring(text)
    let (first, located) = cut(text, at: "@")
    if let located {
      if first.isEmpty || located.isEmpty { throw .invalid }
      driver = String(first)
    } else {
      driver = nil
    }
    let (roots, options) = cut(located ?? first, at: ":")
    self.options = options?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let (graphRoot, runRoot) = cut(roots, at: "+")
    self.graphRoot = try path(graphRoot)
    self.runRoot = try path(runRoot)
  }

  /// Splits a reference (without `containers-storage:`) into its store specification, if any, and the rest.
  public static func split(
    _ reference: String
  ) throws(ParseError) -> (specification: StoreSpecification?, rest: Substring) {
    guard reference.utf8.first == UInt8(ascii: "[") else { return (nil, Substring(reference)) }
    let (specification, rest) = cut(Substring(reference.utf8.dropFirst()), at: "]")
    guard let rest else { throw .invalid }
    return (try StoreSpecification(specification), rest)
  }
}

/// The text before and after the first occurrence of an ASCII character; the second part is nil without it.
private func cut(_ text: Substring, at separator: Unicode.Scalar) -> (Substring, Substring?) {
  let bytes = text.utf8
  guard let index = bytes.firstIndex(of: UInt8(ascii: separator)) else { return (text, nil) }
  return (Substring(bytes[..<index]), Substring(bytes[bytes.index(after: index)...]))
}

private func path(_ text: Substring?) throws(StoreSpecification.ParseError) -> String? {
  guard let text, !text.isEmpty else { return nil }
  guard text.utf8.first == UInt8(ascii: "/") else { throw .pathNotAbsolute }
  return String(text)
}
