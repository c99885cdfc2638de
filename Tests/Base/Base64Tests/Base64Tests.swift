import Base64
import Testing

@Suite struct Base64Tests {
  /// RFC 4648, section 10.
  static let vectors: [(String, String)] = [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ]

  @Test(arguments: vectors)
  func encodesAndDecodes(plain: String, text: String) {
    #expect(base64Encoded(Array(plain.utf8)) == Array(text.utf8))
    #expect(base64Decoded(Array(text.utf8)) == Array(plain.utf8))
  }

  @Test func roundTripsEveryLengthAndByte() {
    for length in 0..<520 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
      #expect(base64Decoded(base64Encoded(bytes)) == bytes)
    }
  }

  @Test func roundTripsRunsOfZeros() {
    for length in 0..<64 {
      for lead in 0..<10 {
        let bytes = [UInt8](repeating: 7, count: lead) + [UInt8](repeating: 0, count: length) + [9]
        #expect(base64Decoded(base64Encoded(bytes)) == bytes)
        #expect(base64Decoded(base64Encoded(bytes.dropLast())) == bytes.dropLast())
      }
    }
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zm8", "Z===", "====", "Zg==Zg==", "Zm9=v", "Zm9 ", "Zm-_", "Zh==", "Zm9=", "Zm9v\n",
    "=Zm9",
  ])
  func refusesMalformedText(text: String) {
    #expect(base64Decoded(Array(text.utf8)) == nil)
  }

  @Test(arguments: vectors.map(\.1) + ["Zh==", "Zm9=", "+/+/", "zZ09"])
  func recognisesBase64(text: String) {
    #expect(isBase64(Array(text.utf8)))
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zm8", "Z===", "====", "Zg==Zg==", "Zm9=v", "Zm9 ", "Zm-_", "Zm9v\n", "=Zm9", "Zm9é",
    "Z=g=",
  ])
  func recognisesOtherText(text: String) {
    #expect(!isBase64(Array(text.utf8)))
  }
}
