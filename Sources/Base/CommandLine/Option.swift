import Diagnostics
import POSIX

/// A value that an option does not accept.
struct InvalidValue: Error {
  /// What the option accepts, for messages: `a number from 1 to 9`.
  let wanted: String
}

/// An option of a tool; it changes `Values`, the choices of a command line.
public struct Option<Values> {
  /// The long name, without its dashes.
  let name: String
  /// The short name, if any: ASCII.
  let letter: Unicode.Scalar?
  /// The name of the value in the help; nil for a flag.
  let placeholder: String?
  /// What the option does, in a sentence or two.
  let help: String
  /// What the option accepts, for messages: `a number from 1 to 9`.
  let wanted: String
  /// Whether the option may be given more than once; a flag always may.
  let isRepeatable: Bool
  /// Applies the option with a value, which is empty for a flag.
  let take: (inout Values, [UInt8]) throws(InvalidValue) -> Void

  private init(
    _ name: String, letter: Unicode.Scalar?, value placeholder: String?, _ help: String, wanted: String? = nil,
    repeats: Bool = false, take: @escaping (inout Values, [UInt8]) throws(InvalidValue) -> Void
  ) {
    self.name = name
    self.letter = letter
    self.placeholder = placeholder
    self.help = help
    isRepeatable = repeats || placeholder == nil
    let placeholder = placeholder ?? ""
    self.wanted =
      wanted ?? (["A", "E", "I", "O", "U"].contains(placeholder.prefix(1)) ? "an " : "a ") + placeholder
    self.take = take
  }

  /// An option without a value.
  public static func flag(
    _ name: String, letter: Unicode.Scalar? = nil, _ help: String,
    take: @escaping (inout Values) -> Void
  ) -> Option {
    Option(name, letter: letter, value: nil, help) { values, _ in take(&values) }
  }

  /// An option with a text in UTF-8; with `repeats`, it may be given more than once.
  public static func text(
    _ name: String, letter: Unicode.Scalar? = nil, value placeholder: String, _ help: String,
    repeats: Bool = false, take: @escaping (inout Values, String) -> Void
  ) -> Option {
    Option(name, letter: letter, value: placeholder, help, repeats: repeats) {
      (values, value) throws(InvalidValue) in
      guard let text = String(validating: value, as: UTF8.self) else { throw InvalidValue(wanted: "UTF-8") }
      take(&values, text)
    }
  }

  /// An option with a path of any bytes; with `repeats`, it may be given more than once.
  public static func path(
    _ name: String, letter: Unicode.Scalar? = nil, value placeholder: String, _ help: String,
    repeats: Bool = false, take: @escaping (inout Values, Path) -> Void
  ) -> Option {
    Option(name, letter: letter, value: placeholder, help, repeats: repeats) { values, value in
      take(&values, Path(value))
    }
  }

  /// An option with a whole number of a range.
  public static func number(
    _ name: String, value placeholder: String, in range: ClosedRange<Int>, _ help: String,
    take: @escaping (inout Values, Int) -> Void
  ) -> Option {
    let wanted = "a number from \(range.lowerBound) to \(range.upperBound)"
    return Option(name, letter: nil, value: placeholder, help, wanted: wanted) {
      (values, value) throws(InvalidValue) in
      guard let number = Int(String(decoding: value, as: UTF8.self)), range.contains(number) else {
        throw InvalidValue(wanted: wanted)
      }
      take(&values, number)
    }
  }

  /// An option with one of several values; the help lists them and the default.
  public static func choice<Value: CaseIterable & RawRepresentable<String>>(
    _ name: String, value placeholder: String, _ help: String, default: Value? = nil,
    take: @escaping (inout Values, Value) -> Void
  ) -> Option {
    choice(
      name, value: placeholder, help, of: Value.allCases.map(\.rawValue), default: `default`?.rawValue
    ) { values, text in
      if let choice = Value(rawValue: text) { take(&values, choice) }
    }
  }

  /// An option with one of several words; the help lists them and the default.
  public static func choice(
    _ name: String, value placeholder: String, _ help: String, of allowed: [String], default: String? = nil,
    take: @escaping (inout Values, String) -> Void
  ) -> Option {
    let list = allowed.joined(separator: ", ")
    let end = `default`.map { "; default: \($0)" } ?? ""
    return Option(
      name, letter: nil, value: placeholder, "\(help) (values: \(list)\(end))", wanted: "one of \(list)"
    ) { (values, value) throws(InvalidValue) in
      let text = String(decoding: value, as: UTF8.self)
      guard allowed.contains(text) else {
        let near = nearest(to: text, among: allowed).map { ". Did you mean '\($0)'?" } ?? ""
        throw InvalidValue(wanted: "one of \(list)\(near)")
      }
      take(&values, text)
    }
  }

  /// The same option for a command line that has these values as a part.
  func on<Whole>(_ part: WritableKeyPath<Whole, Values>) -> Option<Whole> {
    Option<Whole>(name, letter: letter, value: placeholder, help, wanted: wanted, repeats: isRepeatable) {
      [take] (whole, value) throws(InvalidValue) in try take(&whole[keyPath: part], value)
    }
  }

  /// The same option, which also adds its name to those that were given.
  func noting(in names: WritableKeyPath<Values, [String]>) -> Option<Values> {
    Option(name, letter: letter, value: placeholder, help, wanted: wanted, repeats: isRepeatable) {
      [take, name] (values, value) throws(InvalidValue) in
      values[keyPath: names].append(name)
      try take(&values, value)
    }
  }
}
