import JSON

/// The JSON module: values keep their bytes, and a written value reads the same.
public func fuzzJSON(_ bytes: [UInt8]) {
  var sequence = JSONSequence(bytes)
  while let value = try? sequence.next() { promise(!value.raw.isEmpty, "a value without bytes") }
  let strict = try? JSONValue(parsing: bytes, rules: .strict)
  let lenient = try? JSONValue(parsing: bytes, rules: .lenient)
  promise(strict == nil || lenient != nil, "strict rules allow more than lenient ones")
  if let lenient { fuzz(lenient, bytes) }
  if let strict, strict.kind == .object { fuzzArray(strict, bytes) }
  fuzzString(bytes)
}

/// Reading an array element by element gives the same elements as reading it whole.
private func fuzzArray(_ value: JSONValue, _ bytes: [UInt8]) {
  var reader = JSONArrayReader(bytes, elementsOf: "a", limit: bytes.count)
  var found: [JSONValue] = []
  do {
    while let element = try reader.next() { found.append(element) }
  } catch {
    fatalError("an object that cannot be read in parts: \(error)")
  }
  let expected = value["a"].map { Array($0.elements) } ?? []
  promise(found.count == expected.count, "another number of elements")
  for (one, other) in zip(found, expected) {
    promise(same(one, other) && one.offset == other.offset, "another element")
  }
}

private func fuzz(_ value: JSONValue, _ bytes: [UInt8]) {
  let raw = Array(value.raw)
  let spaces: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
  let rest = bytes.drop { spaces.contains($0) }
  promise(rest.starts(with: raw), "the bytes of a value are others")
  promise(rest.dropFirst(raw.count).allSatisfy { spaces.contains($0) }, "bytes behind a value")
  visit(value)
  var writer = JSONWriter()
  writer.raw(value)
  guard let again = try? JSONValue(parsing: writer.bytes, rules: .lenient) else {
    fatalError("what was written cannot be read")
  }
  promise(same(value, again), "what was written reads otherwise")
}

/// Calls every accessor of a value.
private func visit(_ value: JSONValue) {
  _ = (value.bool, value.int64, value.string, value.isNull, value["a"], value.field("A"))
  for element in value.elements { visit(element) }
  for (key, member) in value.members {
    promise(key.stringBytes != nil, "a key that is no string")
    visit(member)
  }
}

private func same(_ one: JSONValue, _ other: JSONValue) -> Bool {
  guard one.kind == other.kind, one.bool == other.bool, one.int64 == other.int64,
    one.stringBytes == other.stringBytes
  else { return false }
  let (elements, others) = (Array(one.elements), Array(other.elements))
  guard elements.count == others.count, zip(elements, others).allSatisfy({ same($0, $1) }) else { return false }
  let (members, otherMembers) = (Array(one.members), Array(other.members))
  return members.count == otherMembers.count
    && zip(members, otherMembers).allSatisfy { same($0.key, $1.key) && same($0.value, $1.value) }
}

/// Any bytes as a string: UTF-8 stays the same; anything else changes once, then stays the same.
private func fuzzString(_ bytes: [UInt8]) {
  let text = written(bytes)
  promise(text == bytes || String(validating: bytes, as: UTF8.self) == nil, "a string was changed")
  promise(written(text) == text, "a string changes when it is written again")
}

/// The text that is read back from a written string.
private func written(_ bytes: [UInt8]) -> [UInt8] {
  var writer = JSONWriter()
  writer.string(bytes: bytes)
  guard let value = try? JSONValue(parsing: writer.bytes, rules: .strict), let text = value.stringBytes else {
    fatalError("a string that was written cannot be read")
  }
  return text
}
