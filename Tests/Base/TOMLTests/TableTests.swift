import TOML
import Testing

/// Rules about definitions that toml-test does not cover, and the values of words.
@Suite struct TableTests {
  @Test(arguments: [
    "[a.b.c]\n[a]\nb.x = 1\n[a.b]", "[a]\nb.c = 1\n[a.b]", "[a]\nb.c = 1\n[[a.b]]", "a.b = 1\n[a]",
    "[[a]]\nb.c = 1\n[a.b]", "[[a.b]]\n[a.b]", "[a]\n[[a]]", "a = [{}]\n[[a]]", "a = [{}]\n[a.b]",
    "a = {b = {}}\n[a.b.c]", "a = {b.c = 1, b = 2}", "a = {b = {}, b.c = 1}", "a.b = {}\na.b.c = 1",
    "[a]\n[a.b]\n[a]", "'a' = 1\n\"\\u0061\" = 1",
  ])
  func definedTwice(text: String) {
    let error = #expect(throws: TOMLError.self) { try parse(text) }
    #expect(error?.reason.contains("is already defined as") == true)
  }

  @Test(arguments: [
    "[a.b.c]\n[a]\nb.x = 1\n[a.b.d]", "[a]\nb.c = 1\n[a.b.d]", "[a.b]\n[a]\n[a.c]",
    "[[a]]\n[a.b]\n[[a]]\n[a.b]",
    "[[a.b]]\n[a]\n[[a.b]]", "a = {b.c = 1, b.d = 2}", "[a]\nb.c = 1\nb.d = 2", "[a]\n[A]",
  ])
  func definedOnce(text: String) throws {
    #expect(try !parse(text).members.isEmpty)
  }

  @Test func namesDifferByBytes() throws {
    let table = try parse("\"\u{e9}\" = 1\n\"e\u{301}\" = 2\n")
    #expect(table["\u{e9}"] == .integer(1))
    #expect(table["e\u{301}"] == .integer(2))
    #expect(table["e"] == nil)
    #expect(table.members.map(\.value) == [.integer(1), .integer(2)])
  }

  @Test(arguments: [
    ("'x'", "a string"), ("true", "a boolean"), ("[]", "an array"), ("{}", "a table"), ("1", "an integer"),
    ("1.0", "a floating-point number"), ("07:32:00", "a date or time"),
  ])
  func kinds(text: String, kind: String) throws {
    #expect(try parse("a = \(text)")["a"]?.kind == kind)
  }

  @Test(arguments: [
    ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
    ("0x7fff_ffff_ffff_ffff", Int64.max),
    ("-0", 0), ("+99", 99), ("0b1111", 15), ("0o17", 15),
  ])
  func integers(text: String, value: Int64) throws {
    #expect(try parse("a = \(text)")["a"] == .integer(value))
  }

  @Test(arguments: [
    "-9223372036854775809", "0x8000000000000000", "0X1", "0x1.0", "-0x1", "0o8", "0b2", "1e", "1e5.0", "1_",
    "1__0",
    "1._0", "1_.0", "0x", ".5", "5.", "00.5", "infinity", "+-1", "1-5", "0e", "1e+_5",
  ])
  func wrongNumbers(text: String) {
    #expect(throws: TOMLError.self) { try parse("a = \(text)") }
  }

  @Test(arguments: [
    ("2000-02-29T23:59:60.123Z", TOMLDateTime.Kind.offsetDateTime),
    ("2024-02-29t00:00:00-23:59", .offsetDateTime),
    ("2023-12-31 00:00:00", .localDateTime), ("0000-01-01", .localDate), ("23:59:59.999999999", .localTime),
  ])
  func datesAndTimes(text: String, kind: TOMLDateTime.Kind) throws {
    guard case .dateTime(let found) = try parse("a = \(text) # x")["a"] else {
      Issue.record("not a date or time")
      return
    }
    #expect(found.kind == kind)
    #expect(found.text == text)
  }

  @Test(arguments: [
    "1900-02-29", "2023-02-29", "2023-04-31", "2023-00-01", "2023-01-00", "2023-13-01", "24:00:00", "23:60:00",
    "23:59:61", "23:59", "23:59:59.", "23:59:59Z", "2023-01-01T", "2023-01-01T23:59",
    "2023-01-01T23:59:59+24:00",
    "2023-01-01T23:59:59+23:60", "2023-01-01T23:59:59+2300", "2023-01-01Z", "2023-1-01", "2023-01-01  00:00:00",
    "2023-01-01_00:00:00", "2023-01-01T23:59:59ZZ",
  ])
  func noSuchDateOrTime(text: String) {
    #expect(throws: TOMLError.self) { try parse("a = \(text)") }
  }
}
