import Diagnostics
import GoJSON
import JSON

/// A value of an edited document with its path, which every failure names.
struct Member {
  let value: JSONValue
  let path: String
  /// The name of the member; empty for an element.
  let name: [UInt8]

  init(_ value: JSONValue, _ path: String, name: [UInt8] = []) {
    self.value = value
    self.path = path
    self.name = name
  }

  /// The member that Go's decoder reads into the field of this name.
  subscript(_ name: String) -> Member? {
    value.field(name).map { Member($0, inner(name), name: Array(name.utf8)) }
  }

  func inner(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  func failure(_ reason: String) -> Failure { Failure(.badData, path, reason) }

  func failure(_ name: String, _ reason: String) -> Failure { Failure(.badData, inner(name), reason) }

  /// The members of an object.
  func members() -> [Member] {
    value.members.map { key, value in
      let name = key.stringBytes ?? []
      return Member(value, inner(String(decoding: name, as: UTF8.self)), name: name)
    }
  }

  /// The value itself; refuses all but an object.
  func object() throws(Failure) -> Member {
    guard value.kind == .object else { throw failure("expected an object") }
    return self
  }

  /// The value itself as Go's struct; also refuses names that differ only in case, of which Go reads either.
  func fields() throws(Failure) -> Member {
    let object = try object()
    guard (try? value.refuseNamesInSeveralCases()) != nil else {
      throw failure("two members whose names differ only in case")
    }
    return object
  }

  /// The elements; refuses all but an array.
  func elements() throws(Failure) -> [Member] {
    guard value.kind == .array else { throw failure("expected an array") }
    return value.elements.enumerated().map { Member($1, "\(path)[\($0)]") }
  }

  /// The elements of an array of strings; none for null.
  @discardableResult func strings() throws(Failure) -> [Member] {
    if value.isNull { return [] }
    guard value.kind == .array else { throw failure("expected an array of strings") }
    let elements = try elements()
    for element in elements where element.value.kind != .string { throw element.failure("expected a string") }
    return elements
  }

  /// Refuses all but a string or null.
  func string() throws(Failure) {
    guard value.isNull || value.kind == .string else { throw failure("expected a string") }
  }

  /// Refuses all but a time that Go reads, or null.
  func time() throws(Failure) {
    if value.isNull { return }
    guard let text = value.stringBytes, GoTime(rfc3339: text) != nil else {
      throw failure("expected a time such as 1970-01-01T00:00:00Z (RFC 3339)")
    }
  }
}
