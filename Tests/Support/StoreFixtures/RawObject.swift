import JSON

/// A JSON object whose values are JSON texts, so that records can be damaged in any way.
///
/// Members keep their order. Setting one to nil removes it; setting a new one appends it.
public struct RawObject: Sendable {
  private var members: [(key: String, text: String)] = []

  /// Creates an object of members in order; nil values are left out.
  public init(_ members: KeyValuePairs<String, String?> = [:]) {
    merge(members)
  }

  /// The JSON text of a member.
  public subscript(key: String) -> String? {
    get { members.first { $0.key == key }?.text }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let text?): members[index].text = text
      case (let index?, nil): members.remove(at: index)
      case (nil, let text?): members.append((key, text))
      case (nil, nil): break
      }
    }
  }

  /// Sets, appends or removes several members.
  public mutating func merge(_ changes: KeyValuePairs<String, String?>) {
    for (key, text) in changes { self[key] = text }
  }

  /// The object as JSON text.
  public var text: String {
    "{" + members.map { "\(quoted($0.key)):\($0.text)" }.joined(separator: ",") + "}"
  }

  /// The object as JSON in UTF-8.
  public var bytes: [UInt8] { Array(text.utf8) }
}

/// A text as a JSON string.
public func quoted(_ text: String) -> String {
  var json = JSONWriter()
  json.string(text)
  return String(decoding: json.bytes, as: UTF8.self)
}

/// JSON texts as a JSON array.
func array(_ texts: some Sequence<String>) -> String {
  "[" + texts.joined(separator: ",") + "]"
}
