import Digests
import ImageModel

/// The layers that a receiver has, as lists of any origin show them.
///
/// A loader finds a layer that it has by its chain: the layer on top of all layers below it. To know a layer alone is
/// less, because the receiver may have it on top of others.
public struct KnownLayers: Sendable {
  /// The chain IDs of layers whose chain is there.
  public private(set) var chains: Set<Digest> = []
  /// Digests from lists without order: of layers, of chains, or of anything else.
  public private(set) var digests: Set<Digest> = []

  /// No layers.
  public init() {}

  /// Whether nothing is known.
  public var isEmpty: Bool { chains.isEmpty && digests.isEmpty }

  /// Adds the layers of an image by their diffIDs, base first.
  public mutating func add(layers diffIDs: [Digest]) { chains.formUnion(chainIDs(of: diffIDs)) }

  /// Adds a chain.
  public mutating func add(chain: Digest) { chains.insert(chain) }

  /// Adds a digest of which only the value is known.
  public mutating func add(digest: Digest) { digests.insert(digest) }

  /// Adds all that others have.
  public mutating func add(_ others: KnownLayers) {
    // Without a copy of the first list, which may be long.
    chains = chains.isEmpty ? others.chains : chains.union(others.chains)
    digests = digests.isEmpty ? others.digests : digests.union(others.digests)
  }

  /// The layers at the base of an image that the receiver has.
  public struct Prefix: Equatable, Sendable {
    /// The number of layers, from the base.
    public var count: Int
    /// Whether the whole chain is known to be there, rather than each layer alone.
    public var isChain: Bool

    /// Describes a prefix.
    public init(count: Int = 0, isChain: Bool = true) {
      self.count = count
      self.isChain = isChain
    }
  }

  /// The layers of an image that can be left out: the longest known chain, and layers on top that are known alone.
  public func prefix(of diffIDs: [Digest]) -> Prefix {
    let chain = chainIDs(of: diffIDs)
    var prefix = Prefix()
    prefix.count = (chain.lastIndex { chains.contains($0) || digests.contains($0) } ?? -1) + 1
    // The chain ID of a base layer is its diffID: a list without order does not tell which of the two it has.
    while prefix.count < diffIDs.count, digests.contains(diffIDs[prefix.count]) {
      prefix.count += 1
      prefix.isChain = false
    }
    return prefix
  }
}
