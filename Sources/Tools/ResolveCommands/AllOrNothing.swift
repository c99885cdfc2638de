import CommandSupport
import Diagnostics

extension Messages {
  /// Converts all elements, such as names to records; without one of them, to nothing.
  ///
  /// After an unknown or invalid name goes on to find all of them, and prints each failure but the last.
  ///
  /// - Throws: The last failure, with the kind of the first.
  public func allOrNothing<Element, Value>(
    _ elements: [Element], _ convert: (Element) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    var values: [Value] = []
    var failures: [Failure] = []
    for element in elements {
      do throws(Failure) {
        let value = try convert(element)
        if failures.isEmpty { values.append(value) }
      } catch {
        // A name that occurs twice is reported once.
        if !failures.contains(error) { failures.append(error) }
        guard error.kind == .notFound || error.kind == .usage else { break }
      }
    }
    guard let first = failures.first, let last = failures.last else { return values }
    for failure in failures.dropLast() { self.error(failure) }
    throw Failure(first.kind, last.subject, last.reason)
  }
}
