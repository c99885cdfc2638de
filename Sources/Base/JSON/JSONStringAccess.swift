extension JSONValue {
  /// Calls a closure with the decoded bytes of a string; nil for other kinds.
  ///
  /// Copies nothing if the text has no escapes, so searching many strings is cheap.
  public func withStringUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
    let token = document.tokens[index]
    guard token.kind == .string else { return nil }
    if token.isPlain {
      return document.bytes.withUnsafeBufferPointer { bytes in
        body(UnsafeBufferPointer(rebasing: bytes[(token.start + 1)..<(token.end - 1)]))
      }
    }
    return stringBytes?.withUnsafeBufferPointer(body)
  }
}
