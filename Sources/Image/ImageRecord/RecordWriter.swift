import Base64
import Digests
import ImageModel
import JSON

extension ImageRecord {
  /// The record as one line of JSON, line feed included.
  public var line: [UInt8] { line(dataLimit: .max) }

  /// The record as one line of JSON, with at most `dataLimit` characters of the base64 of manifest and config.
  ///
  /// A shortened record is for display: no tool reads it.
  public func line(dataLimit: Int) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("schema")
      json.string(ImageRecord.schema)
      json.member("input", input)
      json.member("name", name)
      json.key("tags")
      json.strings(tags)
      json.key("id")
      json.string(id)
      json.members(others)
      json.key("manifest")
      json.blob(manifest, dataLimit, content: edits.manifest)
      json.key("config")
      if let config { json.blob(config, dataLimit, content: edits.config) } else { json.null() }
      if let index {
        json.key("index")
        index.write(to: &json, dataLimit: dataLimit)
      }
      json.key("layers")
      json.array { json in
        for layer in layers { json.layer(layer) }
      }
      json.key("storage")
      json.raw(storage.members.value)
    }
    return json.bytes + [0x0A]
  }
}

extension ImageRecord {
  /// The record as indented JSON for display, line feed included; shortened as by ``line(dataLimit:)``.
  public func prettyLines(dataLimit: Int) -> [UInt8] {
    let value = try? JSONValue(parsing: line(dataLimit: dataLimit), rules: .lenient)
    return (value?.prettyPrinted ?? []) + [0x0A]
  }
}

extension JSONWriter {
  /// Writes an array of strings.
  public mutating func strings(_ texts: [String]) {
    array { json in
      for text in texts { json.string(text) }
    }
  }

  fileprivate mutating func member(_ key: String, _ text: String?) {
    self.key(key)
    if let text { string(text) } else { null() }
  }

  fileprivate mutating func members(_ members: [RecordMember]) {
    for member in members {
      key(bytes: member.key)
      raw(member.value)
    }
  }

  fileprivate mutating func blob(_ blob: Blob, _ dataLimit: Int, content: JSONValue?) {
    object { json in
      json.members(of: blob, dataLimit)
      if let content {
        json.key("content")
        json.raw(content)
      }
    }
  }

  /// Writes the members of a descriptor with its bytes, of which at most `dataLimit` characters.
  mutating func members(of blob: Blob, _ dataLimit: Int) {
    descriptor(BlobDescriptor(mediaType: blob.mediaType, digest: blob.digest, size: UInt64(blob.bytes.count)))
    key("data")
    let data = base64Encoded(blob.bytes)
    string(bytes: data.count <= dataLimit ? data : data.prefix(dataLimit) + Array("...".utf8))
  }

  /// Writes a platform as an object.
  mutating func platform(_ platform: Platform) {
    object { json in
      json.key("os")
      json.string(platform.os)
      json.key("architecture")
      json.string(platform.architecture)
      if !platform.variant.isEmpty {
        json.key("variant")
        json.string(platform.variant)
      }
    }
  }

  fileprivate mutating func layer(_ layer: RecordLayer) {
    object { json in
      json.key("mediaType")
      json.string(layer.mediaType.description)
      json.key("digest")
      json.string(layer.layer.diffID.description)
      json.key("size")
      if let size = layer.layer.size { json.integer(size) } else { json.null() }
      if let blob = layer.layer.blob {
        json.key("blob")
        json.object { json in json.descriptor(blob) }
      }
      if layer.isAbsent {
        json.key("absent")
        json.boolean(true)
      }
      json.members(layer.others)
      json.key("storage")
      json.raw(layer.locator.value)
    }
  }

  mutating func descriptor(_ blob: BlobDescriptor) {
    key("mediaType")
    string(blob.mediaType.description)
    key("digest")
    string(blob.digest.description)
    key("size")
    integer(blob.size)
  }
}
