import Diagnostics
import Testing

@Suite struct TypedThrowsTests {
  private struct Small: Error, Equatable {
    let number: Int
    var failure: Failure { Failure(.badData, "", "\(number)") }
  }

  private func half(_ number: Int) throws(Small) -> Int {
    guard number.isMultiple(of: 2) else { throw Small(number: number) }
    return number / 2
  }

  @Test func convertsTheErrorOnly() throws {
    func quarter(_ number: Int) throws(Failure) -> Int {
      try converting(\.failure) { () throws(Small) in try half(half(number)) }
    }
    #expect(try quarter(12) == 3)
    #expect(throws: Failure(.badData, "", "7")) { try quarter(14) }
  }

  @Test func givesTheBytesOfTheElements() throws {
    var numbers: [UInt16] = [0x0101, 0x0202]
    #expect(numbers.withBytes { Array($0) } == [1, 1, 2, 2])
    #expect([UInt8]().withBytes { $0.count } == 0)
    let count = try numbers.withMutableBytes { bytes throws(Small) in
      bytes[0] = 3
      bytes[1] = 3
      return try half(bytes.count)
    }
    #expect(count == 2)
    #expect(numbers == [0x0303, 0x0202])
    #expect(throws: Small(number: 3)) {
      try [UInt8](repeating: 0, count: 3).withBytes { bytes throws(Small) in try half(bytes.count) }
    }
    var odd: [UInt8] = [0]
    #expect(throws: Small(number: 1)) {
      try odd.withMutableBytes { bytes throws(Small) in try half(bytes.count) }
    }
  }
}
