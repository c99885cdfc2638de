/// What is wrong with the value of a known option.
enum OptionProblem: Error {
  case missing
  case unwanted
  case notUTF8
  case notANumber
  case noneOf([String])
}
