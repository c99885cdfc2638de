import Base64
import Diagnostics
import Digests
import ImageModel
import JSON

/// An object of a record; reading a member that is missing or of another type throws a failure that names it.
public struct RecordObject: Sendable, CustomStringConvertible {
  let value: JSONValue

  /// An object with the members that a closure writes.
  ///
  /// - Throws: A ``JSON/JSONError`` if the closure does not write members alone.
  public init(_ write: (inout JSONWriter) -> Void) throws(JSONError) {
    var writer = JSONWriter()
    writer.object(write)
    value = try JSONValue(parsing: writer.bytes, rules: .strictWithMaps)
  }

  /// Wraps a JSON object; names of members must differ in more than case.
  init(_ value: JSONValue) throws(Failure) {
    do {
      try value.refuseNamesInSeveralCases()
    } catch {
      throw Failure(.badData, "", "malformed JSON: \(error)")
    }
    self.value = value
  }

  /// The object as JSON, for messages.
  public var description: String { String(decoding: value.raw, as: UTF8.self) }

  /// A string.
  public func string(_ key: StaticString) throws(Failure) -> String {
    guard let text = value[key]?.string else { throw expected("a string", key) }
    return text
  }

  /// A string; nil if the member is missing or null.
  public func optionalString(_ key: StaticString) throws(Failure) -> String? {
    has(key) ? try string(key) : nil
  }

  /// An array of strings.
  public func strings(_ key: StaticString) throws(Failure) -> [String] {
    let elements = try array(key).elements.map(\.string)
    let texts = elements.compactMap(\.self)
    guard texts.count == elements.count else { throw expected("an array of strings", key) }
    return texts
  }

  /// A number of bytes.
  public func size(_ key: StaticString) throws(Failure) -> UInt64 {
    guard let size = value[key]?.int64, size >= 0 else { throw expected("a size in bytes", key) }
    return UInt64(size)
  }

  /// A SHA-256 digest with its algorithm.
  public func digest(_ key: StaticString) throws(Failure) -> Digest {
    guard let digest = Digest(try string(key)) else { throw expected("a sha256 digest", key) }
    return digest
  }

  /// Whether there is a member that is not null.
  public func has(_ key: StaticString) -> Bool {
    guard let member = value[key] else { return false }
    return !member.isNull
  }

  func array(_ key: StaticString) throws(Failure) -> JSONValue {
    guard let member = value[key], member.kind == .array else { throw expected("an array", key) }
    return member
  }

  func object(_ key: StaticString) throws(Failure) -> RecordObject {
    guard let member = value[key], member.kind == .object else { throw expected("an object", key) }
    return try RecordObject(member)
  }

  func optionalBool(_ key: StaticString) throws(Failure) -> Bool? {
    guard has(key) else { return nil }
    guard let flag = value[key]?.bool else { throw expected("true or false", key) }
    return flag
  }

  /// A descriptor without its bytes.
  func descriptor(_ key: StaticString) throws(Failure) -> BlobDescriptor {
    let fields = try object(key)
    do throws(Failure) {
      return BlobDescriptor(
        mediaType: MediaType(try fields.string("mediaType")), digest: try fields.digest("digest"),
        size: try fields.size("size"))
    } catch {
      throw error.within("\(key)")
    }
  }

  /// A descriptor with its bytes embedded; digest and size must be those of the bytes.
  func blob(_ key: StaticString) throws(Failure) -> Blob {
    do throws(Failure) {
      let fields = try object(key)
      let text = try fields.string("data")
      guard let bytes = base64Decoded(text.utf8) else { throw Failure(.badData, "data", "not base64") }
      let blob = Blob(mediaType: MediaType(try fields.string("mediaType")), bytes: bytes)
      let digest = try fields.digest("digest")
      guard blob.digest == digest else {
        throw Failure(.badData, "digest", "\(digest) was expected, the data has \(blob.digest)")
      }
      let size = try fields.size("size")
      guard UInt64(bytes.count) == size else {
        throw Failure(.badData, "size", "\(size) was expected, the data has \(bytes.count) bytes")
      }
      return blob
    } catch {
      throw error.within("\(key)")
    }
  }

  /// The members that are passed on unread: all but the known ones.
  ///
  /// Refuses a name that differs from a known one only in case: with both, the written record would be
  /// malformed.
  func others(than known: Set<String>) throws(Failure) -> [RecordMember] {
    var others: [RecordMember] = []
    for (key, value) in value.members {
      let bytes = key.stringBytes ?? []
      let name = String(decoding: bytes, as: UTF8.self)
      if known.contains(name) { continue }
      if let meant = known.first(where: { $0.lowercased() == name.lowercased() }) {
        throw Failure(.badData, name, "expected \"\(meant)\"")
      }
      others.append(RecordMember(key: bytes, value: value))
    }
    return others
  }

  private func expected(_ what: String, _ key: StaticString) -> Failure {
    Failure(.badData, "\(key)", value[key] == nil ? "missing" : "expected \(what)")
  }
}
