import TOMLKit

/// A value of a TOML document, free of the parser that read it.
enum TOMLNode: Equatable {
  /// A string of any of the four spellings.
  case string(String)
  /// A truth value.
  case boolean(Bool)
  /// An array; its elements may be of different kinds.
  case array([TOMLNode])
  /// A table with its members in the order of the parser.
  case table([TOMLMember])
  /// A value of a kind that no configuration file here has a use for, by the name of the kind.
  case other(String)

  /// The kind of the value in words, with its article.
  var kind: String {
    switch self {
    case .string: "a string"
    case .boolean: "a boolean"
    case .array: "an array"
    case .table: "a table"
    case .other(let name): name
    }
  }
}

/// A key and its value.
struct TOMLMember: Equatable {
  let key: String
  let value: TOMLNode
}

/// Why a text is no TOML, and where.
struct TOMLError: Error, Equatable {
  let reason: String
}

/// Reads a TOML document; this file is the only one that knows the package which does.
func parseTOML(_ bytes: [UInt8]) throws(TOMLError) -> [TOMLMember] {
  // The parser takes a C string: a NUL, which TOML forbids, would hide the rest of the file.
  if bytes.contains(0) { throw TOMLError(reason: "NUL byte in the file") }
  guard String(validating: bytes, as: UTF8.self) != nil else { throw TOMLError(reason: "not UTF-8") }
  var grammar = TOMLGrammar(bytes)
  let text = try grammar.checkedText()
  do {
    return try members(of: TOMLTable(string: String(decoding: text, as: UTF8.self)))
  } catch let error as TOMLParseError {
    throw TOMLError(reason: "line \(error.source.begin.line): \(error.description)")
  } catch let error as TOMLError {
    throw error
  } catch {
    throw TOMLError(reason: "\(error)")
  }
}

private func members(of table: TOMLTable) throws(TOMLError) -> [TOMLMember] {
  var result: [TOMLMember] = []
  for key in table.keys {
    // The only keys that cannot be looked up are those that the C interface cuts off at a NUL.
    guard let value = table[key] else { throw TOMLError(reason: "NUL character in a key") }
    result.append(TOMLMember(key: key, value: try node(value)))
  }
  return result
}

private func node(_ value: any TOMLValueConvertible) throws(TOMLError) -> TOMLNode {
  if let string = value.string { return .string(string) }
  if let table = value.table { return .table(try members(of: table)) }
  if let array = value.array {
    var nodes: [TOMLNode] = []
    for index in 0..<array.count { nodes.append(try node(array[index])) }
    return .array(nodes)
  }
  switch value.type {
  case .bool: return .boolean(value.bool == true)
  case .int: return .other("an integer")
  case .double: return .other("a floating-point number")
  case .date, .time, .dateTime: return .other("a date or time")
  case .string, .array, .table: throw TOMLError(reason: "value of an unknown kind")
  }
}
