import JSON

/// The bytes of an edited config: compact, members in the order given, strings as Go writes them.
///
/// Buildah, Docker and BuildKit write configs in this form, so only the edited members change. Of members of one
/// name the last value is kept, in the place of the first, as jq does. Integers are written in digits: jq 1.6
/// writes `1e+16`, which Go refuses.
public func encodedConfig(_ content: JSONValue) -> [UInt8] {
  var json = JSONWriter()
  json.normalized(content)
  return json.bytes
}

extension JSONWriter {
  fileprivate mutating func normalized(_ value: JSONValue, isInteger: Bool = false) {
    switch value.kind {
    case .string: string(bytes: value.stringBytes ?? [])
    case .array:
      array { json in
        for element in value.elements { json.normalized(element) }
      }
    case .object:
      object { json in
        for (key, member) in uniqueMembers(value) {
          json.key(bytes: key)
          json.normalized(member, isInteger: ConfigRules.isInteger(key))
        }
      }
    case .number:
      if isInteger, value.int64 == nil, let number = value.integralValue { integer(number) } else { raw(value) }
    case .boolean, .null: raw(value)
    }
  }
}

/// The members of an object, each name once.
private func uniqueMembers(_ value: JSONValue) -> [(key: [UInt8], value: JSONValue)] {
  var result: [(key: [UInt8], value: JSONValue)] = []
  var places: [[UInt8]: Int] = [:]
  for (key, member) in value.members {
    let name = key.stringBytes ?? []
    if let place = places[name] {
      result[place].value = member
    } else {
      places[name] = result.count
      result.append((name, member))
    }
  }
  return result
}
