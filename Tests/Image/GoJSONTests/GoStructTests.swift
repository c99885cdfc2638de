import GoJSON
import JSON
import Testing

/// Results of Go 1.19's encoding/json for the same texts and structs, except errors of times and base64.
@Suite struct GoStructTests {
  struct Name: GoNamed {
    static let goTypeName = "main.Name"
    var value = ""
  }

  struct Inner: GoStruct {
    static let goTypeName = "main.Inner"
    static let fields: GoFields<Inner> = [
      .always("id", \.id), .optional("tags", \.tags), .optional("sub", \.sub),
    ]

    var id = Name()
    var tags: [String]?
    var sub: Box?
  }

  /// A Go pointer to a struct: a Swift struct cannot contain itself.
  struct Box: GoValue {
    static let goTypeName = "main.Inner"
    var contents: [Inner] = []

    var isGoEmpty: Bool { false }

    mutating func decodeGo(_ json: JSONValue) throws(GoDecodingError) {
      var inner = contents.first ?? Inner()
      try inner.decodeGo(json)
      contents = [inner]
    }

    func encodeGo(to json: inout JSONWriter) { contents.first?.encodeGo(to: &json) }
  }

  struct Sample: GoStruct {
    static let goTypeName = "main.Sample"
    static let fields: GoFields<Sample> = [
      .always("Text", \.text), .optional("flag", \.flag), .always("count", \.count), .optional("size", \.size),
      .always("time", \.time), .optional("since", \.since), .always("inner", \.inner), .always("list", \.list),
      .optional("labels", \.labels), .always("set", \.set), .optional("data", \.data), .optional("any", \.any),
      .optional("limit", \.limit), .always("kind", \.kind), .always("KIND", \.otherKind),
    ]

    var text = ""
    var flag = false
    var count = 0
    var size: Int64 = 0
    var time = GoTime()
    var since: GoTime?
    var inner = Inner()
    var list: [Inner]?
    var labels: [[UInt8]: String]?
    var set: GoSet?
    var data = GoBytes()
    var any = GoAny()
    var limit: Int?
    var kind = ""
    var otherKind = ""
  }

  static let zero =
    #"{"Text":"","count":0,"time":"0001-01-01T00:00:00Z","inner":{"id":""},"list":null,"set":null,"#
    + #""kind":"","KIND":""}"#
  static let inner = #""inner":{"id":""}"#
  static let list = #""list":null"#
  static let set = #""set":null"#

  /// Texts, and the members in which the result differs from the zero value.
  static let readable: [(String, [(String, String)])] = [
    ("{}", []), ("null", []), (#"{"unknown":[{"a":1}],"":1}"#, []),
    (
      #"{"text":"a","TEXT":"b<","Text":null,"fla\u0067":true,"count":1,"SIZE":-2}"#,
      [(#""Text":"","count":0"#, #""Text":"b\u003c","flag":true,"count":1,"size":-2"#)]
    ),
    (
      #"{"time":"2020-01-02T03:04:05.10+00:00","since":"2020-01-02T03:04:05Z","inner":null,"limit":0}"#,
      [
        ("0001-01-01T00:00:00Z\"", #"2020-01-02T03:04:05.1Z","since":"2020-01-02T03:04:05Z""#),
        (#""kind""#, #""limit":0,"kind""#),
      ]
    ),
    (
      #"{"since":"2020-01-02T03:04:05Z","since":null,"limit":1,"limit":null,"count":3,"count":null}"#,
      [(#""count":0"#, #""count":3"#)]
    ),
    (
      #"{"inner":{"id":"x","tags":[]},"inner":{"sub":{"id":"y"}},"inner":{"sub":{"tags":["t"]}}}"#,
      [(inner, #""inner":{"id":"x","sub":{"id":"y","tags":["t"]}}"#)]
    ),
    (
      #"{"list":[{"id":"a","tags":["1"]},{"id":"b"}],"list":[{"id":"c"}]}"#,
      [(list, #""list":[{"id":"c","tags":["1"]}]"#)]
    ),
    (
      #"{"list":[{"id":"a","tags":["1"]},{"id":"b"}],"list":[{"id":"c"},null,{}]}"#,
      [(list, #""list":[{"id":"c","tags":["1"]},{"id":"b"},{"id":""}]"#)]
    ),
    (#"{"list":[],"labels":{},"set":{}}"#, [(list, #""list":[]"#), (set, #""set":{}"#)]),
    (#"{"list":[{}],"list":null}"#, []),
    (
      #"{"labels":{"b":"1","a":null,"\u00e9":"2","e\u0301":"3"},"labels":{"b":"4"},"set":{"z":{"x":1},"a":null}}"#,
      [(set, "\"labels\":{\"a\":\"\",\"b\":\"4\",\"e\u{301}\":\"3\",\"é\":\"2\"}," + #""set":{"a":{},"z":{}}"#)]
    ),
    (#"{"labels":{"a":"1"},"labels":null,"data":"aGk="}"#, [(set, set + #","data":"aGk=""#)]),
    (#"{"data":"aGk=","data":null}"#, []), (#"{"data":""}"#, []),
    (
      #"{"kind":"1","KIND":"2","Kind":"3"}"#, [(#""kind":"","KIND":"""#, #""kind":"3","KIND":"2""#)]
    ),
    (#"{"\u212aind":"4"}"#, [(#""kind":"""#, #""kind":"4""#)]),
  ]

  @Test(arguments: readable)
  func readsAndWritesAsGoDoes(text: String, changes: [(String, String)]) throws {
    let expected = changes.reduce(Self.zero) { $0.replacing($1.0, with: $1.1) }
    #expect(try Sample(parsing: Array(text.utf8)).encoded == Array(expected.utf8))
  }

  static let unreadable: [(String, String)] = [
    ("[]", "Go value of type main.Sample"), ("1", "Go value of type main.Sample"),
    (#"{"Text":1}"#, "Go struct field Sample.Text of type string"),
    (#"{"flag":"x"}"#, "Go struct field Sample.flag of type bool"),
    (#"{"count":1.5}"#, "Go struct field Sample.count of type int"),
    (#"{"count":"1"}"#, "Go struct field Sample.count of type int"),
    (#"{"size":9223372036854775808}"#, "Go struct field Sample.size of type int64"),
    (#"{"size":1e2}"#, "Go struct field Sample.size of type int64"),
    (#"{"inner":[]}"#, "Go struct field Sample.inner of type main.Inner"),
    (#"{"inner":{"id":7}}"#, "Go struct field Inner.inner.id of type main.Name"),
    (
      #"{"inner":{"sub":{"sub":{"tags":[{}]}}}}"#, "Go struct field Inner.inner.sub.sub.tags of type string"
    ),
    (#"{"list":{}}"#, "Go struct field Sample.list of type []main.Inner"),
    (#"{"list":[[]]}"#, "Go struct field Sample.list of type main.Inner"),
    (#"{"list":[1],"list":null}"#, "Go struct field Sample.list of type main.Inner"),
    (#"{"list":[{"id":true}]}"#, "Go struct field Inner.list.id of type main.Name"),
    (#"{"labels":[]}"#, "Go struct field Sample.labels of type map[string]string"),
    (#"{"labels":{"a":1}}"#, "Go struct field Sample.labels of type string"),
    (#"{"set":{"a":1}}"#, "Go struct field Sample.set of type struct {}"),
    (#"{"set":[]}"#, "Go struct field Sample.set of type map[string]struct {}"),
    (#"{"data":1}"#, "Go struct field Sample.data of type []uint8"),
    (#"{"limit":"x"}"#, "Go struct field Sample.limit of type int"),
  ]

  @Test(arguments: unreadable)
  func refusesAsGoDoes(text: String, place: String) throws {
    let error = #expect(throws: GoDecodingError.self) { try Sample(parsing: Array(text.utf8)) }
    let reason = try #require(error?.reason)
    #expect(reason.hasPrefix("json: cannot unmarshal "))
    #expect(reason.hasSuffix(" into " + place))
  }

  static let otherFailures: [(String, String)] = [
    (#"{"inner":[]}"#, "json: cannot unmarshal array into Go struct field Sample.inner of type main.Inner"),
    (#"{"count":1.5}"#, "json: cannot unmarshal number 1.5 into Go struct field Sample.count of type int"),
    (#"{"Text":12}"#, "json: cannot unmarshal number into Go struct field Sample.Text of type string"),
    (
      #"{"size":12345678901234567890}"#,
      "json: cannot unmarshal number 12345678901234567890 into Go struct field Sample.size of type int64"
    ),
    (#"{"Text":{}}"#, "json: cannot unmarshal object into Go struct field Sample.Text of type string"),
    (#"{"Text":true}"#, "json: cannot unmarshal bool into Go struct field Sample.Text of type string"),
    (#"{"time":1}"#, "Time.UnmarshalJSON: input is not a JSON string"),
    (#"{"time":"\n"}"#, #"parsing time "\n" as "2006-01-02T15:04:05Z07:00": cannot parse"#),
    (#"{"data":"%"}"#, "illegal base64 data"), ("{", "unexpected end at byte 1"),
    ("{} x", "data after the value at byte 3"),
  ]

  @Test(arguments: otherFailures)
  func saysWhy(text: String, reason: String) {
    let error = #expect(throws: GoDecodingError.self) { try Sample(parsing: Array(text.utf8)) }
    #expect(error?.reason == reason)
  }

  @Test(arguments: [
    (#"{"text":1,"Text":2}"#, 10), (#"{"list":[{"id":1},{"id":1,"ID":2}]}"#, 26),
    (#"{"inner":{"tags":0,"tag\u017f":0}}"#, 19), (#"{"other":1,"Other":2}"#, 11),
  ])
  func refusesNamesInSeveralCases(text: String, offset: Int) throws {
    let value = try JSONValue(parsing: Array(text.utf8), rules: .lenient)
    #expect(throws: JSONError(offset: offset, reason: "duplicate member name")) {
      try Sample.refuseNamesInSeveralCases(value)
    }
  }

  @Test(arguments: [#"{"labels":{"a":1,"A":2},"set":{"a":1,"A":2},"other":{"a":1,"A":2}}"#, "[]", "{}"])
  func namesInMapsAreData(text: String) throws {
    try Sample.refuseNamesInSeveralCases(JSONValue(parsing: Array(text.utf8), rules: .lenient))
  }

  struct Command: GoStruct {
    static let goTypeName = "main.Command"
    static let fields: GoFields<Command> = [.always("Cmd", \.command)]
    var command = GoStringOrList()
  }

  @Test(arguments: [
    ("{}", "null"), (#"{"Cmd":"x"}"#, #"["x"]"#), (#"{"Cmd":["x",null]}"#, #"["x",""]"#),
    (#"{"Cmd":[]}"#, "[]"),
    (#"{"Cmd":["a","b"],"Cmd":["c",null]}"#, #"["c",""]"#), (#"{"Cmd":["a"],"Cmd":null}"#, "null"),
  ])
  func takesAStringForAList(text: String, list: String) throws {
    #expect(try Command(parsing: Array(text.utf8)).encoded == Array(#"{"Cmd":\#(list)}"#.utf8))
    #expect(throws: GoDecodingError.self) { try Command(parsing: Array(#"{"Cmd":1}"#.utf8)) }
  }

  struct Omitting: GoStruct {
    static let goTypeName = "main.Omitting"
    static let fields: GoFields<Omitting> = [
      .optional("text", \.text), .optional("flag", \.flag), .optional("count", \.count),
      .optional("size", \.size),
      .optional("name", \.name), .optional("list", \.list), .optional("labels", \.labels),
      .optional("data", \.data),
      .optional("any", \.any), .optional("command", \.command), .optional("time", \.time),
      .optional("inner", \.inner),
    ]
    var text = ""
    var flag = false
    var count = 0
    var size: Int64 = 0
    var name = Name()
    var list: [String] = []
    var labels: [[UInt8]: String] = [:]
    var data = GoBytes()
    var any = GoAny()
    var command = GoStringOrList()
    var time = GoTime()
    var inner = Inner()
  }

  /// `omitempty` omits empty values of every kind but structs, and so never a time.
  @Test(arguments: [
    ("{}", #""time":"0001-01-01T00:00:00Z","inner":{"id":""}"#),
    (
      #"{"text":"a","flag":true,"count":-1,"size":1,"name":"b","list":[""],"labels":{"":""},"data":"AA==","command":""}"#,
      #""text":"a","flag":true,"count":-1,"size":1,"name":"b","list":[""],"labels":{"":""},"data":"AA==","#
        + #""command":[""],"time":"0001-01-01T00:00:00Z","inner":{"id":""}"#
    ),
    (#"{"command":[],"any":[]}"#, #""any":null,"time":"0001-01-01T00:00:00Z","inner":{"id":""}"#),
  ])
  func omitsEmptyValuesButNoStructs(text: String, members: String) throws {
    let encoded = try Omitting(parsing: Array(text.utf8)).encoded
    #expect(String(decoding: encoded, as: UTF8.self) == "{\(members)}")
  }

  @Test func interfacesKeepWhetherTheyAreThere() throws {
    #expect(try Sample(parsing: Array(#"{"any":0}"#.utf8)).any.isPresent)
    #expect(try !Sample(parsing: Array(#"{"any":0,"ANY":null}"#.utf8)).any.isPresent)
  }
}
