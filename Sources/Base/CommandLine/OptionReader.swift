import Diagnostics
import POSIX

/// The request of a command line.
public enum Request: Equatable, Sendable {
  /// Run the tool with these operands.
  case run(operands: [String])
  /// Print what `--help` prints.
  case help
  /// Print what `--version` prints.
  case version
}

extension Interface {
  /// Applies the options of a command line to the values.
  ///
  /// Follows getopt_long(3) of the GNU C library, except that long options cannot be abbreviated: an
  /// abbreviation in a script would break, or change its meaning, with the next option that is added. An option
  /// with a value is refused if it is given again, unless it is repeatable.
  ///
  /// - Parameters:
  ///   - count: The number of words; the first is the name of the tool.
  ///   - words: C strings.
  ///   - values: What the options change.
  /// - Returns: The request; `--help` and `--version` end the reading.
  /// - Throws: A ``Failure`` of the kind `usage`.
  public func read(
    _ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, into values: inout Values
  ) throws(Failure) -> Request {
    let dash = UInt8(ascii: "-")
    let options = sections.flatMap(\.options)
    let stopsAtOperand = Environment.value("POSIXLY_CORRECT") != nil
    var rest = (1..<max(1, Int(count))).map { words[$0].map { Path(cString: $0).bytes } ?? [] }[...]
    var operands: [[UInt8]] = []
    var given: Set<String> = []

    while let word = rest.popFirst() {
      if word.starts(with: [dash, dash]) {
        if word.count == 2 { break }
        let name = word.prefix { $0 != UInt8(ascii: "=") }
        let shown = String(decoding: name, as: UTF8.self)
        guard let option = options.first(where: { $0.name.utf8.elementsEqual(name.dropFirst(2)) }) else {
          throw unknown(shown, among: options)
        }
        let attached = name.count < word.count ? word.dropFirst(name.count + 1) : nil
        if let request = try apply(option, shown, attached, &rest, &given, &values) { return request }
      } else if word.first == dash, word.count > 1 {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
          let shown = String(decoding: [dash, letter], as: UTF8.self)
          guard let option = options.first(where: { $0.letter?.value == UInt32(letter) }) else {
            throw unknown(shown, among: [])
          }
          let attached = option.placeholder == nil || letters.isEmpty ? nil : letters
          if attached != nil { letters = [] }
          if let request = try apply(option, shown, attached, &rest, &given, &values) { return request }
        }
      } else {
        operands.append(word)
        if stopsAtOperand { break }
      }
    }
    let texts = (operands + rest).map { String(decoding: $0, as: UTF8.self) }
    if self.operands == nil, let operand = texts.first {
      throw Failure(.usage, "", "Unexpected argument '\(operand)'")
    }
    return .run(operands: texts)
  }

  /// Applies an option to the values, and returns the request of `--help` and `--version`.
  ///
  /// The name is the option as typed, for messages. A value is attached to the option or is the next word.
  private func apply(
    _ option: Option<Values>, _ name: String, _ attached: ArraySlice<UInt8>?, _ rest: inout ArraySlice<[UInt8]>,
    _ given: inout Set<String>, _ values: inout Values
  ) throws(Failure) -> Request? {
    var value: [UInt8] = []
    if option.placeholder == nil {
      if let attached {
        throw Failure(.usage, name, "takes no value, got '\(String(decoding: attached, as: UTF8.self))'")
      }
    } else if let given = attached.map(Array.init) ?? rest.popFirst() {
      value = given
    } else {
      throw Failure(.usage, name, "needs \(option.wanted)")
    }
    if option.name == "help" { return .help }
    if option.name == "version" { return .version }
    if !option.isRepeatable, !given.insert(option.name).inserted {
      throw Failure(.usage, name, "may be given only once")
    }
    do {
      try option.take(&values, value)
    } catch {
      throw Failure(.usage, name, "'\(String(decoding: value, as: UTF8.self))' is not \(error.wanted)")
    }
    return nil
  }

  private func unknown(_ name: String, among options: [Option<Values>]) -> Failure {
    let near = nearest(to: String(name.dropFirst(2)), among: options.map(\.name))
    return Failure(.usage, "", "Unknown option '\(name)'\(near.map { ". Did you mean '--\($0)'?" } ?? "")")
  }
}
