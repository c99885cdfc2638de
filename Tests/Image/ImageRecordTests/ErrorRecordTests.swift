import Diagnostics
import ImageRecord
import Testing

/// Failures as lines for the next tool.
@Suite struct ErrorRecordTests {
  private func line(_ input: String, _ failure: Failure) -> String {
    String(decoding: ErrorRecord(input: input, failure).line, as: UTF8.self)
  }

  @Test(arguments: [
    (Failure.Kind.other, "failed"), (.usage, "invalid-name"), (.badData, "bad-data"),
    (.notFound, "image-not-known"), (.unavailable, "store-not-usable"), (.internalError, "internal"),
    (.cannotCreate, "cannot-create"), (.inputOutput, "input-output"), (.tryAgain, "try-again"),
    (.noPermission, "no-permission"),
  ])
  func kindsHaveCodes(kind: Failure.Kind, code: String) {
    #expect(
      line("a", Failure(kind, "b", "c"))
        == #"{"schema":"img/1","input":"a","error":{"code":"\#(code)","message":"b: c"}}"# + "\n")
  }

  @Test func theInputIsNotRepeated() {
    let end = #""message":"gone"}}"# + "\n"
    #expect(line("a<b", Failure(.notFound, "a<b", "gone")).hasSuffix(end))
    #expect(line("a", Failure(.notFound, "", "gone")).hasSuffix(end))
    #expect(line("", Failure(.notFound, "a", "gone")).hasSuffix(#""message":"a: gone"}}"# + "\n"))
  }
}
