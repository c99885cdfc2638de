import Diagnostics
import Testing

@Suite struct FailureTests {
  /// Scripts rely on these numbers.
  @Test func kindsHaveTheExitStatusesOfSysexits() {
    let statuses: [Failure.Kind: Int32] = [
      .other: 1, .usage: 64, .badData: 65, .notFound: 66, .unavailable: 69, .internalError: 70,
      .cannotCreate: 73, .inputOutput: 74, .tryAgain: 75, .noPermission: 77,
    ]
    #expect(statuses.count == Failure.Kind.allCases.count)
    for kind in Failure.Kind.allCases { #expect(kind.rawValue == statuses[kind]) }
  }

  @Test(
    arguments: [
      ("file", "gone", "file: gone"), ("", "no image", "no image"), ("a\nb", "\u{1B}c", "a\\nb: \\u{1b}c"),
    ])
  func isShownAsOneLine(subject: String, reason: String, line: String) {
    #expect("\(Failure(.other, subject, reason))" == line)
  }

  @Test func aWiderSubjectGoesInFront() {
    let inner = Failure(.badData, "layer", "damaged")
    #expect(inner.within("image") == Failure(.badData, "image", "layer: damaged"))
    #expect(Failure(.usage, "", "damaged").within("image") == Failure(.usage, "image", "damaged"))
    #expect("\(inner.within("image").within("record 1"))" == "record 1: image: layer: damaged")
  }
}
