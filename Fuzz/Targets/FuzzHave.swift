import Digests
import Glibc
import ImageModel
import POSIX

@testable import KnownLayers

/// A list of layers that a receiver has: a file and a pipe say the same, and no image loses a layer that is not in it.
///
/// Repairs the digests and checksums of archives, since no fuzzer finds them.
public func fuzzHave(_ bytes: [UInt8]) {
  let isArchive = bytes.count >= 512 && bytes[257..<262].elementsEqual("ustar".utf8)
  guard let scratch = ScratchFile(isArchive ? sealed(bytes) : bytes) else { return }
  let list = try? LayerList(at: scratch.path)
  let piped = try? piped(scratch.path)
  promise((list == nil) == (piped == nil), "a list that only one way can read")
  guard let list, let piped else { return }
  promise(list.count > 0, "a list of nothing")
  promise(same(list.known, piped.known), "a list that depends on the way it comes")
  promise(list.count == piped.count && list.mayBeCompressed == piped.mayBeCompressed, "another count")
  var twice = list.known
  twice.add(piped.known)
  promise(same(twice, list.known), "a list that grows when it is added again")
  if !isArchive, let longer = ScratchFile(bytes + [0x0A]) {
    let again = try? LayerList(at: longer.path)
    promise(
      again.map { same($0.known, list.known) } ?? (bytes.first == 0x1F || bytes.first == 0x28),
      "a line feed that counts")
  }
  check(list.known)
}

private func piped(_ path: Path) throws -> LayerList {
  try LayerList(standardInput: FileDescriptor.open(path, O_RDONLY))
}

private func same(_ one: KnownLayers, _ other: KnownLayers) -> Bool {
  one.chains == other.chains && one.digests == other.digests
}

/// The layers that are left out of an image are in the list, each of them or by their chain.
private func check(_ known: KnownLayers) {
  let unknown = SHA256.digest(of: Array("unknown".utf8))
  let some = Array(known.chains.prefix(3)) + Array(known.digests.prefix(3))
  for first in some {
    for image in [[first], [unknown, first], [first, unknown], [first, first], some] {
      let prefix = known.prefix(of: image)
      promise((0...image.count).contains(prefix.count), "more layers than the image has")
      let chains = chainIDs(of: image)
      let chain = chains[..<prefix.count].lastIndex { known.chains.contains($0) || known.digests.contains($0) }
      let rest = image[(chain.map { $0 + 1 } ?? 0)..<prefix.count]
      promise(rest.allSatisfy { known.digests.contains($0) }, "a layer that is not in the list")
    }
  }
  promise(known.prefix(of: [unknown]).count == 0, "a layer that no list has")
  promise(known.prefix(of: []).count == 0, "a layer of an image without layers")
}
