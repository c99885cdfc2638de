import Diagnostics
import Testing

@Suite struct QuantityTests {
  @Test(
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (824_320, "824.3 kB"), (999_999, "999.9 kB"),
      (1_000_000, "1.0 MB"), (1_234_567_890, "1.2 GB"), (.max, "18.4 EB"),
    ] as [(UInt64, String)])
  func bytesHaveDecimalUnits(count: UInt64, text: String) {
    #expect(byteText(count) == text)
  }

  @Test(
    arguments: [
      (0, "1ms"), (340_000_000, "340ms"), (7_900_000_000, "7s"), (125_000_000_000, "2m05s"),
      (3_720_000_000_000, "1h02m"),
    ] as [(UInt64, String)])
  func durationsHaveTwoUnits(nanoseconds: UInt64, text: String) {
    #expect(durationText(nanoseconds: nanoseconds) == text)
  }
}
