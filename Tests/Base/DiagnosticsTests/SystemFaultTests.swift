import Diagnostics
import Testing

@Suite struct SystemFaultTests {
  /// A fault of the system must not pass for missing or damaged data.
  @Test(arguments: Failure.Kind.allCases)
  func onlyFaultsOfTheSystemAreThrown(kind: Failure.Kind) throws {
    let failure = Failure(kind, "file", "reason")
    let isFault = kind == .inputOutput || kind == .tryAgain
    #expect(failure.isSystemFault == isFault)
    func read() throws(Failure) -> Int? { throw failure }
    if isFault {
      #expect(throws: failure) { try ifAvailable(read) }
    } else {
      #expect(try ifAvailable(read) == nil)
    }
  }

  @Test func aValueIsReturned() throws {
    #expect(try ifAvailable { 1 } == 1)
  }
}
