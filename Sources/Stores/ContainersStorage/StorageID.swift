import Digests

/// The ID of an image or layer in a store: 64 lower-case hexadecimal digits, safe as part of a path.
public struct StorageID: Hashable, Sendable, CustomStringConvertible {
  private let value: Digest

  /// Reads 64 lower-case hexadecimal digits; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let value = Digest(hex: text) else { return nil }
    self.value = value
  }

  /// The 64 digits.
  public var description: String { value.hex }

  /// The first 12 digits, for messages and tables.
  public var short: String { String(description.prefix(12)) }
}
