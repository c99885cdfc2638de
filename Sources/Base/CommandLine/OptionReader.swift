import CLinux
import Diagnostics

/// What a command line asks for.
public enum Request: Equatable, Sendable {
  /// That the tool does its work, with these operands.
  case run(operands: [String])
  /// What `--help` shows.
  case help
  /// What `--version` shows.
  case version
}

extension Interface {
  /// Takes the options of a command line over into the values.
  ///
  /// It is read by getopt_long(3), which has one state for the whole process: only one at a time. Unlike there, long
  /// options cannot be abbreviated: an abbreviation in a script would get another meaning, or none, as soon as there
  /// is another option.
  ///
  /// - Parameters:
  ///   - count: The number of words, the name of the tool being the first.
  ///   - words: C strings; they are put into another order, the operands behind the options.
  ///   - values: What the options change.
  /// - Returns: What is asked for; `--help` and `--version` end the reading.
  /// - Throws: A ``Failure`` of the kind `usage` that says what is wrong and, where one can tell, what is right.
  public func read(
    _ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, into values: inout Values
  ) throws(Failure) -> Request {
    let options = sections.flatMap(\.options)
    let table = OptionTable(options)
    var found = table.next(count, words, isFirst: true)
    while found.option != -1 {
      let use = OptionUse(found)
      guard let index = table.index(of: found), use.isSpeltOut(options[index].longName) else {
        throw use.unknown(among: options.map(\.longName))
      }
      let option = options[index]
      if let problem = use.problem { throw use.failure(problem, of: option) }
      if option.longName == "help" { return .help }
      if option.longName == "version" { return .version }
      do {
        try option.take(&values, use.value)
      } catch {
        throw use.failure(error, of: option)
      }
      found = table.next(count, words, isFirst: false)
    }
    let operands = (Int(found.next)..<max(Int(found.next), Int(count))).map {
      String(decoding: bytes(of: words[$0]), as: UTF8.self)
    }
    if self.operands == nil, let operand = operands.first {
      throw Failure(.usage, "", "Unexpected argument '\(operand)'")
    }
    return .run(operands: operands)
  }
}
