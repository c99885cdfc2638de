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

  /// Three bytes for each four characters are needed, also where the last ones are padding.
  @Test(arguments: [
    ("", 0, 0), ("Zm9vYmFy", 5, nil), ("Zm9vYmFy", 6, 6), ("Zm9vYmFy", 8, 6), ("Zg==", 2, nil), ("Zg==", 3, 1),
    ("Zm8=", 3, 2),
  ])
  func aBufferMustHaveRoomForAllGroups(text: String, room: Int, count: Int?) {
    var bytes = [UInt8](repeating: 0xEE, count: room)
    let found = Array(text.utf8).withUnsafeBytes { text in
      bytes.withUnsafeMutableBytes { base64Decode(text, into: $0) }
    }
    #expect(found == count)
    #expect(bytes[(count ?? 0)...].allSatisfy { $0 == 0xEE })
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
