import Testing

@testable import JSON

/// Values that mean the same, and numbers that another program rounded.
@Suite struct JSONEqualityTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8), rules: .lenient)
  }

  private func areEqual(_ one: String, _ other: String) throws -> Bool {
    let result = try parse(one).equals(parse(other))
    #expect(try parse(other).equals(parse(one)) == result)
    return result
  }

  @Test(arguments: [
    ("null", "null"), ("true", "true"), ("false", "false"), (#""a\u0062""#, #""ab""#), ("1", "1.0"),
    ("100", "1e2"), ("100", "1E+2"), ("1.50", "15e-1"), ("-1.5", "-0.15e1"), ("0.001", "1e-3"), ("-0", "0"),
    ("0e5", "-0.00e-3"), ("9007199254740993", "9007199254740993.0"), ("[1,[2]]", "[ 1.0, [2e0] ]"),
    ("[]", "[ ]"), ("{}", "{ }"), (#"{"a":1,"b":[2]}"#, #"{"b":[2],"\u0061":1.0}"#),
    (#"{"a":1,"a":2}"#, #"{"a":2}"#), ("1e1099511627775", "10e1099511627774"),
    ("1e99999999999999999999", "1e99999999999999999999"),
  ])
  func meanTheSame(one: String, other: String) throws {
    #expect(try areEqual(one, other))
  }

  @Test(arguments: [
    ("1", "2"), ("1", "-1"), ("1", #""1""#), ("true", "false"), ("true", "null"), ("null", "0"),
    (#""a""#, #""A""#), ("1.5", "1.6"), ("1.5", "15"), ("1e2", "1e3"), ("9007199254740992", "9007199254740993"),
    ("[]", "{}"), ("[1]", "[]"), ("[1]", "[1,2]"), ("[1,2]", "[2,1]"), ("[1]", "[2]"), ("{}", #"{"a":1}"#),
    (#"{"a":1}"#, #"{"a":2}"#), (#"{"a":1}"#, #"{"b":1}"#), (#"{"a":1}"#, #"{"A":1}"#),
    (#"{"a":1,"b":1}"#, #"{"a":1,"c":1}"#), ("1e1099511627776", "2e1099511627776"),
    ("1e99999999999999999999", "2e99999999999999999999"),
    // From this exponent on, only the same text is the same number.
    ("1e1099511627776", "10e1099511627775"), ("1e-1099511627776", "0.1e-1099511627775"),
  ])
  func differ(one: String, other: String) throws {
    #expect(try !areEqual(one, other))
  }

  @Test(
    arguments: [
      ("9007199254740993", "9007199254740992", [""]), ("[1,0.1]", "[1,0.10000000000000001]", ["[1]"]),
      (
        #"{"a":[1,9007199254740993],"b":{"c":0.30000000000000001}}"#,
        #"{"b":{"c":0.3},"a":[1,9007199254740992]}"#, ["a[1]", "b.c"]
      ),
      ("1", "2", []), ("1", "1.0", []), ("1e998", "1e999", []), ("1e998", "1.0e998", []),
      ("1", #""1""#, []), (#""a""#, #""b""#, []), ("true", "false", []), ("[9007199254740993]", "[]", []),
      (#"{"a":9007199254740993}"#, #"{"b":9007199254740992}"#, []), ("[1]", "{}", []),
    ] as [(String, String, [String])])
  func roundedNumbersAreFound(one: String, other: String, paths: [String]) throws {
    #expect(try parse(one).roundedNumbers(in: parse(other)) == paths)
  }

  @Test(
    arguments: [
      ("1", 1), ("1.0", 1), ("-2e0", -2), ("1.5e1", 15), ("1e3", 1000), ("0e99", 0), ("-0.0", 0),
      ("1e18", 1_000_000_000_000_000_000), ("9223372036854775807.0", Int64.max),
      ("92233720368547758070e-1", Int64.max), ("-9223372036854775808.0", Int64.min),
      ("9223372036854775808", nil), ("9223372036854775808.0", nil), ("1e19", nil), ("1e20", nil),
      ("1e400", nil),
      ("0.5", nil), ("15e-1", nil), ("1e-1", nil), ("1e99999999999999999999", nil), (#""1""#, nil),
      ("true", nil),
      ("[1]", nil),
    ] as [(String, Int64?)])
  func integersMayHaveAFractionOrAnExponent(text: String, value: Int64?) throws {
    #expect(try parse(text).integralValue == value)
  }
}
