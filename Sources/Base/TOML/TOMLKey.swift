/// A key: names with dots between them.
struct TOMLKey {
  /// The names before the last one.
  var path: [TOMLName] = []
  /// The last name.
  var last: TOMLName
  /// The nesting depth of the key's value.
  var depth: Int
}

/// Keys, and the tables that they lead to.
extension TOMLParser {
  /// Reads a key and the blanks around it.
  mutating func key(depth: Int) throws(TOMLError) -> TOMLKey {
    var key = TOMLKey(last: try name(depth: depth + 1), depth: depth + 1)
    while skip(".") {
      key.path.append(key.last)
      key.depth += 1
      key.last = try name(depth: key.depth)
    }
    return key
  }

  private mutating func name(depth: Int) throws(TOMLError) -> TOMLName {
    if depth > Self.depthLimit { throw error("more than \(Self.depthLimit) levels") }
    skipBlanks()
    let start = position
    let text: String
    if let quote = peek(), isQuote(quote) {
      text = try line(quote)
    } else {
      skip(while: isBare)
      if position == start { throw error("expected a key") }
      text = String(decoding: bytes[start..<position], as: UTF8.self)
    }
    skipBlanks()
    return TOMLName(text: text, offset: start)
  }

  /// The table of a `[header]`, which must not have been defined before.
  func opened(_ key: TOMLKey, in root: OpenTable) throws(TOMLError) -> OpenTable {
    let parent = try parent(of: key, in: root)
    switch parent[key.last] {
    case nil:
      let table = OpenTable(.explicit)
      parent.add(key.last, .table(table))
      return table
    case .table(let table) where table.origin == .implicit:
      table.origin = .explicit
      return table
    case .some(let entry): throw conflict(key.last, entry)
    }
  }

  /// The new table of a `[[header]]`.
  func appended(_ key: TOMLKey, to root: OpenTable) throws(TOMLError) -> OpenTable {
    let parent = try parent(of: key, in: root)
    let table = OpenTable(.explicit)
    switch parent[key.last] {
    case nil: parent.add(key.last, .tables(OpenArray(table)))
    case .tables(let array): array.append(table)
    case .some(let entry): throw conflict(key.last, entry)
    }
    return table
  }

  /// The parent of the table that a header names.
  private func parent(of key: TOMLKey, in root: OpenTable) throws(TOMLError) -> OpenTable {
    var table = root
    for name in key.path {
      switch table[name] {
      case nil:
        let new = OpenTable(.implicit)
        table.add(name, .table(new))
        table = new
      case .table(let next): table = next
      case .tables(let array): table = array.last
      case .some(let entry): throw conflict(name, entry)
      }
    }
    return table
  }

  /// The table that holds the value of a key, and the name there, which must be new.
  func place(of key: TOMLKey, in start: OpenTable) throws(TOMLError) -> (OpenTable, TOMLName) {
    var table = start
    for name in key.path {
      switch table[name] {
      case nil:
        let new = OpenTable(.dotted)
        table.add(name, .table(new))
        table = new
      case .table(let next) where next.origin != .explicit:
        next.origin = .dotted
        table = next
      case .some(let entry): throw conflict(name, entry)
      }
    }
    if let entry = table[key.last] { throw conflict(key.last, entry) }
    return (table, key.last)
  }

  private func conflict(_ name: TOMLName, _ entry: OpenTable.Entry) -> TOMLError {
    let kind =
      switch entry {
      case .value(.table): "an inline table"
      case .value(let value): value.kind
      case .table: "a table"
      case .tables: "an array of tables"
      }
    return error("'\(name.text)' is already defined as \(kind)", at: name.offset)
  }
}
