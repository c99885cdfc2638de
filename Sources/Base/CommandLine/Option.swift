import Diagnostics
import POSIX

/// One option that a tool has; `Values` is what holds the choices of a command line, and what the option changes.
public struct Option<Values> {
  /// The long name, without its dashes.
  let name: StaticString
  /// The short name, if it has one.
  let letter: Unicode.Scalar?
  /// What the help calls the option's value; nil for a flag, which takes none.
  let placeholder: String?
  /// What the option does, in a sentence or two.
  let help: String
  /// Takes over a value that was given, of a flag nothing.
  let take: (inout Values, [UInt8]) throws(OptionProblem) -> Void

  /// An option without a value.
  public static func flag(
    _ name: StaticString, letter: Unicode.Scalar? = nil, _ help: String,
    take: @escaping (inout Values) -> Void
  ) -> Option {
    Option(name: name, letter: letter, placeholder: nil, help: help) { values, _ in take(&values) }
  }

  /// An option with any text, which has to be UTF-8.
  public static func text(
    _ name: StaticString, letter: Unicode.Scalar? = nil, value placeholder: String, _ help: String,
    take: @escaping (inout Values, String) -> Void
  ) -> Option {
    Option(name: name, letter: letter, placeholder: placeholder, help: help) {
      (values, value) throws(OptionProblem) in
      guard let text = String(validating: value, as: UTF8.self) else { throw .notUTF8 }
      take(&values, text)
    }
  }

  /// An option with a path, of any bytes.
  public static func path(
    _ name: StaticString, letter: Unicode.Scalar? = nil, value placeholder: String, _ help: String,
    take: @escaping (inout Values, Path) -> Void
  ) -> Option {
    Option(name: name, letter: letter, placeholder: placeholder, help: help) { values, value in
      take(&values, Path(value))
    }
  }

  /// An option with a whole number.
  public static func number(
    _ name: StaticString, value placeholder: String, _ help: String, take: @escaping (inout Values, Int) -> Void
  ) -> Option {
    Option(name: name, letter: nil, placeholder: placeholder, help: help) {
      (values, value) throws(OptionProblem) in
      guard let number = Int(String(decoding: value, as: UTF8.self)) else { throw .notANumber }
      take(&values, number)
    }
  }

  /// An option with one of some values; the help lists them, and which one it is without the option.
  public static func choice<Value: CaseIterable & RawRepresentable<String>>(
    _ name: StaticString, value placeholder: String, _ help: String, default: Value? = nil,
    take: @escaping (inout Values, Value) -> Void
  ) -> Option {
    choice(
      name, value: placeholder, help, of: Value.allCases.map(\.rawValue), default: `default`?.rawValue
    ) { values, text in
      if let choice = Value(rawValue: text) { take(&values, choice) }
    }
  }

  /// An option with one of some words; the help lists them, and which one it is without the option.
  public static func choice(
    _ name: StaticString, value placeholder: String, _ help: String, of allowed: [String],
    default: String? = nil, take: @escaping (inout Values, String) -> Void
  ) -> Option {
    let end = `default`.map { "; default: \($0)" } ?? ""
    return Option(
      name: name, letter: nil, placeholder: placeholder,
      help: "\(help) (values: \(allowed.joined(separator: ", "))\(end))"
    ) { (values, value) throws(OptionProblem) in
      let text = String(decoding: value, as: UTF8.self)
      guard allowed.contains(text) else { throw .noneOf(allowed) }
      take(&values, text)
    }
  }

  /// The long name as text.
  var longName: String { "\(name)" }

  /// The same option for a command line that has these values as a part.
  func on<Whole>(_ part: WritableKeyPath<Whole, Values>) -> Option<Whole> {
    Option<Whole>(name: name, letter: letter, placeholder: placeholder, help: help) {
      [take] (whole, value) throws(OptionProblem) in try take(&whole[keyPath: part], value)
    }
  }
}
