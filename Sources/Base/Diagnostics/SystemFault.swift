extension Failure {
  /// Whether the system or a device is the cause, not the data: the failure proves no damage.
  public var isSystemFault: Bool { kind == .inputOutput || kind == .tryAgain }
}

/// Calls a function; nil if it fails, for data that need not be there or is reported elsewhere.
///
/// - Throws: A fault of the system, which must not pass for missing or damaged data.
public func ifAvailable<Value>(_ body: () throws(Failure) -> Value?) throws(Failure) -> Value? {
  do {
    return try body()
  } catch {
    if error.isSystemFault { throw error }
    return nil
  }
}
