import CLinux

/// Options as getopt_long(3) wants them: letters as themselves, long options as numbers that no letter has.
struct OptionTable {
  private let long: [option]
  private let letters: String
  private let indices: [CInt: Int]
  /// The number of the first long option; letters are smaller.
  static let firstNumber: CInt = 256

  init<Values>(_ options: [Option<Values>]) {
    var long: [option] = []
    // The first colon asks for telling a missing value apart.
    var letters = ":"
    var indices: [CInt: Int] = [:]
    for (index, declared) in options.enumerated() {
      let number = OptionTable.firstNumber + CInt(index)
      let takesValue = declared.placeholder != nil
      long.append(
        option(
          name: UnsafeRawPointer(declared.name.utf8Start).assumingMemoryBound(to: CChar.self),
          has_arg: takesValue ? required_argument : no_argument, flag: nil, val: number))
      indices[number] = index
      guard let letter = declared.letter else { continue }
      letters.unicodeScalars.append(letter)
      if takesValue { letters += ":" }
      indices[CInt(letter.value)] = index
    }
    long.append(option())
    self.long = long
    self.letters = letters
    self.indices = indices
  }

  /// The next option of a command line, or its first one.
  func next(
    _ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, isFirst: Bool
  ) -> img_found_option {
    img_next_option(count, words, letters, long, isFirst ? 1 : 0)
  }

  /// Which of the options was found; nil for one that is not known.
  func index(of found: img_found_option) -> Int? { indices[found.option] }
}
