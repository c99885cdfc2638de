import Base64
import Diagnostics
import Digests
import ImageModel
import JSON

extension ImageRecord {
  /// Reads all records of a text: any sequence of JSON values, separated by white space or RS.
  ///
  /// Digests and sizes of the embedded manifest and config are checked here.
  ///
  /// - Throws: A ``Failure`` for the first record that is malformed, an error object of an earlier tool, or of
  ///   another schema, and for a text without any record.
  public static func records(in text: [UInt8]) throws(Failure) -> [ImageRecord] {
    var sequence = JSONSequence(text, rules: .strictWithMaps)
    var records: [ImageRecord] = []
    while true {
      let value: JSONValue?
      do {
        value = try sequence.next()
      } catch {
        throw Failure(.badData, "record \(records.count + 1)", "malformed JSON: \(error)")
      }
      guard let value else { break }
      do {
        records.append(try ImageRecord(value))
      } catch {
        throw error.within("record \(records.count + 1)")
      }
    }
    if records.isEmpty { throw Failure(.badData, "standard input", "no records") }
    return records
  }

  private init(_ value: JSONValue) throws(Failure) {
    guard value.kind == .object else { throw Failure(.badData, "", "expected an object") }
    if let error = value["error"], value["schema"] == nil || error.kind == .object {
      throw Failure(
        .badData, value["input"]?.string ?? "", error["message"]?.string ?? "an earlier tool failed")
    }
    let fields = try RecordFields(value)
    let schema = try fields.string("schema")
    guard schema == ImageRecord.schema else {
      throw Failure(.badData, "schema", "\"\(schema)\" is not supported (\"\(ImageRecord.schema)\" is)")
    }
    let id = try fields.string("id")
    guard Digest(hex: id) != nil else { throw Failure(.badData, "id", "expected 64 hexadecimal digits") }
    self.init(
      input: try fields.optionalString("input"), name: try fields.optionalString("name"),
      tags: try fields.strings("tags"), id: id,
      manifest: try fields.blob("manifest"), config: try fields.optionalBlob("config"),
      layers: try RecordLayer.layers(in: fields.array("layers")),
      storage: try RecordStorage(fields.object("storage")),
      others: try fields.others(
        than: ["schema", "input", "name", "tags", "id", "manifest", "config", "layers", "storage"]))
  }
}

extension RecordLayer {
  static func layers(in array: JSONValue) throws(Failure) -> [RecordLayer] {
    var layers: [RecordLayer] = []
    for value in array.elements {
      do {
        layers.append(try RecordLayer(try RecordFields(value)))
      } catch {
        throw error.within("layers[\(layers.count)]")
      }
    }
    return layers
  }

  private init(_ fields: RecordFields) throws(Failure) {
    let storageLayer = try RecordFields(try fields.object("storage")).string("layer")
    guard Digest(hex: storageLayer) != nil else {
      throw Failure(.badData, "storage.layer", "expected 64 hexadecimal digits")
    }
    self.init(
      mediaType: MediaType(try fields.string("mediaType")),
      layer: Layer(diffID: try fields.digest("digest"), size: try fields.size("size")),
      storageLayer: storageLayer, others: try fields.others(than: ["mediaType", "digest", "size", "storage"]))
  }
}

extension RecordStorage {
  init(_ value: JSONValue) throws(Failure) {
    let fields = try RecordFields(value)
    self.init(
      root: try fields.string("root"), driver: try fields.string("driver"),
      imageStore: try fields.optionalString("imagestore"),
      additionalStores: value["additionalimagestores"] == nil ? [] : try fields.strings("additionalimagestores")
    )
    for path in [root] + (imageStore.map { [$0] } ?? []) + additionalStores {
      guard path.hasPrefix("/"), !path.utf8.contains(0) else {
        throw Failure(.badData, "storage", "\"\(path)\" is not an absolute path")
      }
    }
  }
}

/// The members of an object of a record, with errors that name them.
private struct RecordFields {
  private let value: JSONValue

  init(_ value: JSONValue) throws(Failure) {
    do {
      try value.refuseNamesInSeveralCases()
    } catch {
      throw Failure(.badData, "", "malformed JSON: \(error)")
    }
    self.value = value
  }

  func string(_ key: StaticString) throws(Failure) -> String {
    guard let text = value[key]?.string else { throw expected("a string", key) }
    return text
  }

  func optionalString(_ key: StaticString) throws(Failure) -> String? {
    guard let member = value[key], !member.isNull else { return nil }
    return try string(key)
  }

  func strings(_ key: StaticString) throws(Failure) -> [String] {
    let elements = try array(key).elements.map(\.string)
    let texts = elements.compactMap(\.self)
    guard texts.count == elements.count else { throw expected("an array of strings", key) }
    return texts
  }

  func array(_ key: StaticString) throws(Failure) -> JSONValue {
    guard let member = value[key], member.kind == .array else { throw expected("an array", key) }
    return member
  }

  func object(_ key: StaticString) throws(Failure) -> JSONValue {
    guard let member = value[key], member.kind == .object else { throw expected("an object", key) }
    return member
  }

  func digest(_ key: StaticString) throws(Failure) -> Digest {
    guard let digest = Digest(try string(key)) else { throw expected("a sha256 digest", key) }
    return digest
  }

  func size(_ key: StaticString) throws(Failure) -> UInt64 {
    guard let size = value[key]?.int64, size >= 0 else { throw expected("a size in bytes", key) }
    return UInt64(size)
  }

  func optionalBlob(_ key: StaticString) throws(Failure) -> Blob? {
    guard let member = value[key], !member.isNull else { return nil }
    return try blob(key)
  }

  /// A descriptor with its bytes embedded; digest and size must be those of the bytes.
  func blob(_ key: StaticString) throws(Failure) -> Blob {
    do throws(Failure) {
      let fields = try RecordFields(object(key))
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

  /// The members that are only carried.
  ///
  /// One whose name differs only in case from a known one would make the record malformed as soon as both are written.
  func others(than known: Set<String>) throws(Failure) -> [RecordMember] {
    var others: [RecordMember] = []
    for (key, value) in value.members {
      guard let bytes = key.stringBytes else { continue }
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
