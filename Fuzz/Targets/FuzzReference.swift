import GoJSON
import ImageReference

/// The grammar of names: a name that was read is written and read the same.
public func fuzzReference(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  _ = ImageReference.isShortName(text)
  _ = ImageReference.isValidOCIReferenceName(text)
  _ = goQuoted(text)
  if let name = try? ImageReference.parse(text) { roundTrip(name, text) }
  if let name = try? ImageReference.parseNormalized(text) {
    let again = try? ImageReference.parseNormalized("\(name)")
    promise(again == name, "\(name): another when it is normalised again")
    _ = try? name.withTag(name.tag ?? "latest")
  }
  if let name = try? ImageReference.parseNamed(text) { roundTrip(name, "\(name)") }
  if let name = try? ImageReference.parseDockerReference(text) { roundTrip(name, "\(name)") }
  if let name = try? ImageReference.normalizedName(text) { roundTrip(name, "\(name)") }
  _ = try? ImageReference.parseStrippingTag(text)
}

private func roundTrip(_ name: ImageReference, _ text: String) {
  promise("\(name)" == text, "\(text) becomes \(name)")
  promise(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(text) is no name")
}
