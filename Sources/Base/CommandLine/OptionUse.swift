import CLinux
import Diagnostics
import POSIX

/// An option as a command line uses it, for saying what is wrong with that.
struct OptionUse {
  /// The option as it was typed: `--format`, or `-o` even where several letters share a word.
  let name: String
  /// Its value; empty without one.
  let value: [UInt8]
  /// What getopt_long finds wrong with an option that is known.
  let problem: OptionProblem?

  init(_ found: img_found_option) {
    let word = bytes(of: found.word)
    // A letter is a `char`, which has a sign.
    let isLetter = found.option != 0 && found.option < OptionTable.firstNumber
    let name =
      isLetter
      ? [0x2D, UInt8(truncatingIfNeeded: found.option)] : Array(word.prefix { $0 != UInt8(ascii: "=") })
    self.name = String(decoding: name, as: UTF8.self)
    switch found.problem {
    case 0: problem = nil
    case CInt(UInt8(ascii: ":")): problem = .missing
    default: problem = .unwanted
    }
    // Of a value that it does not want, getopt_long does not tell.
    value = problem == nil ? bytes(of: found.value) : Array(word.dropFirst(name.count + 1))
  }

  /// Whether a long option was not abbreviated.
  func isSpeltOut(_ longName: String) -> Bool { !name.hasPrefix("--") || name == "--\(longName)" }

  /// Why an option cannot be used that is none of those with these long names.
  func unknown(among longNames: [String]) -> Failure {
    let near = name.hasPrefix("--") ? nearest(to: String(name.dropFirst(2)), among: longNames) : nil
    return Failure(.usage, "", "Unknown option '\(name)'\(near.map { ". Did you mean '--\($0)'?" } ?? "")")
  }

  /// Why a known option cannot be used so.
  func failure<Values>(_ problem: OptionProblem, of option: Option<Values>) -> Failure {
    let label = option.placeholder.map { "\(name) <\($0)>" } ?? name
    let value = String(decoding: value, as: UTF8.self)
    let invalid = "The value '\(value)' is invalid for '\(label)'"
    let text =
      switch problem {
      case .missing: "Missing value for '\(label)': \(option.help)"
      case .unwanted: "The option '\(name)' does not take any value, but '\(value)' was specified."
      case .notUTF8: "\(invalid): it is not UTF-8"
      case .notANumber: "\(invalid): \(option.help)"
      case .noneOf(let allowed): "\(invalid). \(choices(allowed, nearest(to: value, among: allowed)))"
      }
    return Failure(.usage, "", text)
  }

  private func choices(_ allowed: [String], _ near: String?) -> String {
    let list = allowed.map { "'\($0)'" }.joined(separator: ", ")
    return "Please provide one of \(list).\(near.map { " Did you mean '\($0)'?" } ?? "")"
  }
}

/// The bytes of a C string, none of a null pointer.
func bytes(of text: UnsafeMutablePointer<CChar>?) -> [UInt8] {
  text.map { Path(cString: $0).bytes } ?? []
}
