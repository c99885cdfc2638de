import Testing

@testable import Outputs

/// Space is reserved step by step, and never beyond the known size.
@Suite struct PreallocationTests {
  static let step: UInt64 = 64 << 20

  @Test(arguments: [0, 512, 7 << 30] as [UInt64], [1, 1000, step, step + 1, 5 * step - 1] as [UInt64])
  func theStepsCoverThePart(start: UInt64, size: UInt64) {
    var room = Preallocation(start..<(start + size))
    var covered = start
    var offset = start
    while offset < start + size {
      offset = min(start + size, offset + 512 << 10)
      if let part = room.next(upTo: offset) {
        #expect(part.lowerBound == covered)
        #expect(part.upperBound - part.lowerBound <= Self.step)
        covered = part.upperBound
      }
      #expect(covered >= offset)
    }
    #expect(covered == start + size)
    #expect(room.next(upTo: offset) == nil)
    // More than was announced: nothing is reserved for it.
    #expect(room.next(upTo: offset + 1) == nil)
  }

  @Test func nothingIsReservedForNoBytes() {
    var room = Preallocation(7..<7)
    #expect(room.next(upTo: 7) == nil && room.next(upTo: 8) == nil)
  }

  @Test func aSizeThatIsALieReservesOneStepOnly() {
    var room = Preallocation(0..<UInt64(Int64.max))
    #expect(room.next(upTo: 10) == 0..<Self.step)
    #expect(room.next(upTo: 20) == nil)
  }
}
