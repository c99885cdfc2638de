import JSON

/// Comparisons with user input, on bytes and without copies: a lookup makes them for every image of a store.
extension ImageEntry {
  /// Whether one of the stored names is exactly these bytes.
  public func hasName(utf8 wanted: [UInt8]) -> Bool {
    record["names"]?.elements.contains { $0.isString(utf8: wanted) } ?? false
  }

  /// Whether these bytes occur anywhere in one of the stored names.
  public func hasName(containing part: [UInt8]) -> Bool {
    record["names"]?.elements.contains { name in
      name.withStringUTF8 { name in part.withUnsafeBytes { UnsafeRawBufferPointer(name).contains($0) } }
        ?? false
    } ?? false
  }

  /// Whether the ID starts with these bytes.
  public func hasIDPrefix(_ prefix: [UInt8]) -> Bool {
    record["id"]?.withStringUTF8 { $0.starts(with: prefix) } ?? false
  }

  /// Whether a digest identifies the image: its own or that of one of its manifests.
  ///
  /// The digest is text and may use any algorithm.
  public func hasDigest(utf8 wanted: [UInt8]) -> Bool {
    if record["digest"]?.isString(utf8: wanted) == true { return true }
    return record["big-data-digests"]?.members.contains { key, value in
      value.isString(utf8: wanted) && key.withStringUTF8 { $0.starts(with: "manifest".utf8) } == true
    } ?? false
  }

  /// Whether the ID is exactly these bytes.
  func hasID(utf8 wanted: [UInt8]) -> Bool {
    record["id"]?.isString(utf8: wanted) ?? false
  }
}
