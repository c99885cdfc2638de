/// Calls a function and converts the error that it throws.
///
/// A block with calls that throw several types of errors throws `any Error`. With this function, each call
/// throws the type of the enclosing function: `try converting(\.failure) { () throws(SystemError) in ... }`.
public func converting<Value: ~Copyable, Given: Error, Wanted: Error>(
  _ convert: (Given) -> Wanted, _ body: () throws(Given) -> Value
) throws(Wanted) -> Value {
  do {
    return try body()
  } catch {
    throw convert(error)
  }
}

extension Array {
  /// Calls a closure with the memory of the elements; throws what the closure throws.
  ///
  /// The same as `withUnsafeBytes`, which throws `any Error`. The memory is valid only during the call.
  public func withBytes<Value, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> Value
  ) throws(E) -> Value {
    try withUnsafeBufferPointer { elements throws(E) in try body(UnsafeRawBufferPointer(elements)) }
  }

  /// Calls a closure that may change the memory of the elements; throws what the closure throws.
  public mutating func withMutableBytes<Value, E: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Value
  ) throws(E) -> Value {
    try withUnsafeMutableBufferPointer { elements throws(E) in
      try body(UnsafeMutableRawBufferPointer(elements))
    }
  }
}
