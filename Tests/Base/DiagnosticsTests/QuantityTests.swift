import Diagnostics
import Testing

@Suite struct QuantityTests {
  @Test(
    arguments: [
      (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (824_320, "824.3 kB"), (999_999, "999.9 kB"),
      (1_000_000, "1.0 MB"), (999_999_999, "999.9 MB"), (1_000_000_000, "1.0 GB"), (1_234_567_890, "1.2 GB"),
      (1_000_000_000_000, "1.0 TB"), (1_000_000_000_000_000, "1.0 PB"), (1_000_000_000_000_000_000, "1.0 EB"),
      (.max, "18.4 EB"),
    ] as [(UInt64, String)])
  func bytesHaveDecimalUnits(count: UInt64, text: String) {
    #expect(byteText(count) == text)
  }

  @Test(
    arguments: [
      (0, "1ms"), (1_999_999, "1ms"), (2_000_000, "2ms"), (340_000_000, "340ms"), (999_999_999, "999ms"),
      (1_000_000_000, "1s"), (7_900_000_000, "7s"), (59_999_999_999, "59s"), (60_000_000_000, "1m00s"),
      (70_000_000_000, "1m10s"), (125_000_000_000, "2m05s"), (3_599_000_000_000, "59m59s"),
      (3_600_000_000_000, "1h00m"), (3_720_000_000_000, "1h02m"), (4_200_000_000_000, "1h10m"),
    ] as [(UInt64, String)])
  func durationsHaveTwoUnits(nanoseconds: UInt64, text: String) {
    #expect(durationText(nanoseconds: nanoseconds) == text)
  }
}
