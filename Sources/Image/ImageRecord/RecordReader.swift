import Diagnostics
import Digests
import ImageModel
import JSON

extension ImageRecord {
  /// Reads all records of a text: any sequence of JSON values, separated by white space or RS.
  ///
  /// Checks digests and sizes of the embedded manifest and config.
  ///
  /// Refuses records with edits unless they are accepted; ``amended()`` applies these.
  ///
  /// - Throws: A ``Failure`` for the first record that is malformed, an error object of an earlier tool, or of
  ///   another schema, and for a text without any record.
  public static func records(
    in text: [UInt8], acceptingEdits: Bool = false
  ) throws(Failure) -> [ImageRecord] {
    var sequence = JSONSequence(text, rules: .strictWithMaps)
    var records: [ImageRecord] = []
    while true {
      let value: JSONValue?
      do {
        value = try sequence.next()
      } catch {
        if records.isEmpty, let names = RecordRemedy.names(in: text) { throw names }
        throw Failure(.badData, "record \(records.count + 1)", "malformed JSON: \(error)")
      }
      guard let value else { break }
      if records.isEmpty, value.kind == .number || value.kind == .boolean,
        let names = RecordRemedy.names(in: text)
      {
        throw names
      }
      do {
        let record = try ImageRecord(value)
        if !acceptingEdits { try record.edits.refuse() }
        records.append(record)
      } catch {
        throw error.within("record \(records.count + 1)")
      }
    }
    if records.isEmpty { throw RecordRemedy.noRecords }
    return records
  }

  private init(_ value: JSONValue) throws(Failure) {
    guard value.kind == .object else { throw Failure(.badData, "", RecordRemedy.reason(value.kind)) }
    if let error = value["error"], value["schema"] == nil || error.kind == .object {
      throw Failure(
        .badData, value["input"]?.string ?? "", error["message"]?.string ?? "an earlier tool failed")
    }
    let fields = try RecordObject(value)
    let schema = try fields.string("schema")
    guard schema == ImageRecord.schema else {
      throw Failure(.badData, "schema", "\"\(schema)\" is not supported (\"\(ImageRecord.schema)\" is)")
    }
    let id = try fields.string("id")
    guard Digest(hex: id) != nil else { throw Failure(.badData, "id", "expected 64 hexadecimal digits") }
    let storage = try RecordStorage(checking: fields.object("storage"))
    let manifest = try fields.blob("manifest")
    self.init(
      input: try fields.optionalString("input"), name: try fields.optionalString("name"),
      tags: try fields.strings("tags"), id: id, manifest: manifest,
      config: fields.has("config") ? try fields.blob("config") : nil,
      layers: try RecordLayer.layers(in: fields.array("layers"), of: storage.kind), storage: storage,
      others: try fields.others(
        than: ["schema", "input", "name", "tags", "id", "manifest", "config", "index", "layers", "storage"]))
    if fields.has("index") { index = try RecordIndex(fields, of: manifest) }
    edits = RecordEdits(
      config: value["config"]?["content"], manifest: value["manifest"]?["content"],
      annotations: value["manifest"]?["annotations"])
  }
}

extension RecordLayer {
  fileprivate static func layers(
    in array: JSONValue, of kind: String
  ) throws(Failure) -> [RecordLayer] {
    var layers: [RecordLayer] = []
    for value in array.elements {
      do {
        layers.append(try RecordLayer(try RecordObject(value), of: kind))
      } catch {
        throw error.within("layers[\(layers.count)]")
      }
    }
    return layers
  }

  private init(_ fields: RecordObject, of kind: String) throws(Failure) {
    let locator = try fields.object("storage")
    do throws(Failure) {
      try locator.check(asLocatorOf: kind)
    } catch {
      throw Failure(error.kind, "storage.\(error.subject)", error.reason)
    }
    let size = fields.value["size"]?.isNull == true ? nil : try fields.size("size")
    self.init(
      mediaType: MediaType(try fields.string("mediaType")),
      layer: Layer(
        diffID: try fields.digest("digest"), size: size,
        blob: fields.has("blob") ? try fields.descriptor("blob") : nil),
      isAbsent: try fields.optionalBool("absent") ?? false, locator: locator,
      others: try fields.others(than: ["mediaType", "digest", "size", "blob", "absent", "storage"]))
  }
}

extension RecordObject {
  /// Refuses a locator that lacks members; locators of other kinds are checked by their sources.
  fileprivate func check(asLocatorOf kind: String) throws(Failure) {
    switch kind {
    case RecordStorage.defaultKind, "docker":
      guard Digest(hex: try string("layer")) != nil else {
        throw Failure(.badData, "layer", "expected 64 hexadecimal digits")
      }
    case "archive":
      _ = try size("offset")
      _ = try size("size")
    default: break
    }
  }
}

extension RecordStorage {
  /// The strings that storages of each kind must have; other kinds are checked by their sources.
  private static let required: [String: [StaticString]] = [
    defaultKind: ["root", "driver"], "docker": ["root", "driver"], "containerd": ["root", "namespace"],
    "layout": ["path"], "directory": ["path"], "archive": ["path"],
  ]

  /// Refuses a storage that lacks members, and paths that are not absolute.
  fileprivate init(checking fields: RecordObject) throws(Failure) {
    let kind = try fields.optionalString("kind") ?? RecordStorage.defaultKind
    do throws(Failure) {
      for key in RecordStorage.required[kind] ?? [] { _ = try fields.string(key) }
    } catch {
      throw error.within("storage")
    }
    for key: StaticString in ["root", "path", "imagestore"] {
      if let path = try fields.optionalString(key) { try RecordStorage.check(path) }
    }
    if fields.has("additionalimagestores") {
      for path in try fields.strings("additionalimagestores") { try RecordStorage.check(path) }
    }
    self.init(kind: kind, members: fields)
  }

  private static func check(_ path: String) throws(Failure) {
    guard path.hasPrefix("/"), !path.utf8.contains(0) else {
      throw Failure(.badData, "storage", "\"\(path)\" is not an absolute path")
    }
  }
}
