/// A name in a key, and its offset; two names are equal if their bytes are.
///
/// Not a `String`: strings that differ only in Unicode normalisation are equal.
struct TOMLName: Hashable {
  let text: String
  let offset: Int

  static func == (one: TOMLName, other: TOMLName) -> Bool {
    one.text.utf8.elementsEqual(other.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// A table that may still get members.
final class OpenTable {
  /// How a table was defined, which decides what may be added to it.
  enum Origin {
    /// By a header that names a table inside; its own header may follow.
    case implicit
    /// By a header of its own, as an inline table, or as the document.
    case explicit
    /// By a dotted key.
    case dotted
  }

  /// What a name leads to.
  enum Entry {
    /// A complete value, including arrays in brackets and inline tables.
    case value(TOMLValue)
    /// A table of headers or dotted keys.
    case table(OpenTable)
    /// An array of `[[tables]]`.
    case tables(OpenArray)
  }

  var origin: Origin
  private var entries: [(name: TOMLName, entry: Entry)] = []
  private var indices: [TOMLName: Int] = [:]

  init(_ origin: Origin) {
    self.origin = origin
  }

  subscript(name: TOMLName) -> Entry? {
    indices[name].map { entries[$0].entry }
  }

  /// Adds a member; the name must be new.
  func add(_ name: TOMLName, _ entry: Entry) {
    indices[name] = entries.count
    entries.append((name, entry))
  }

  /// The table as it is now.
  var closed: TOMLTable {
    TOMLTable(members: entries.map { .init(key: $0.name.text, value: $0.entry.closed) })
  }
}

/// The tables of a `[[header]]` that is repeated.
final class OpenArray {
  private(set) var tables: [OpenTable] = []
  private(set) var last: OpenTable

  init(_ first: OpenTable) {
    last = first
    tables = [first]
  }

  func append(_ table: OpenTable) {
    last = table
    tables.append(table)
  }
}

extension OpenTable.Entry {
  /// The value as it is now.
  fileprivate var closed: TOMLValue {
    switch self {
    case .value(let value): value
    case .table(let table): .table(table.closed)
    case .tables(let array): .array(array.tables.map { .table($0.closed) })
    }
  }
}
