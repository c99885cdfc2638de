import ArgumentParser
import Diagnostics

/// What ArgumentParser says about a wrong command line, as one line that names what is allowed.
///
/// It suggests options itself; for values this adds the nearest one, and what the help says about the option where
/// there is no list of values.
func usageMessage(of text: String, help: @autoclosure () -> String) -> String {
  let text = text.split(separator: "\n").first.map(String.init) ?? "invalid command line"
  let quoted = text.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
  if text.hasPrefix("The value '"), let list = text.firstRange(of: "Please provide one of") {
    let allowed = text[list.upperBound...].split(separator: "'").map(String.init)
    guard quoted.count > 1, let nearest = nearest(to: quoted[1], among: allowed) else { return text }
    return "\(text) Did you mean '\(nearest)'?"
  }
  let place = text.hasPrefix("The value '") ? 3 : text.hasPrefix("Missing value for '") ? 1 : quoted.count
  guard quoted.count > place, let option = quoted[place].split(separator: " ").first,
    let description = description(of: option, in: help())
  else { return text }
  return "\(text): \(description)"
}

/// What a help text says about an option: in its line, or in the next one where the option is a long one.
private func description(of option: Substring, in help: String) -> String? {
  let lines = help.split(separator: "\n").map { $0.split(separator: " ") }
  for (number, words) in lines.enumerated() {
    // A line of an option is `-o, --output <PATH> ...` or `--root <DIR> ...`.
    let names =
      words.first?.last == "," ? words.prefix(2).map { $0.prefix { $0 != "," } } : Array(words.prefix(1))
    guard names.contains(option) else { continue }
    let rest = words.dropFirst(names.count + 1)
    if !rest.isEmpty { return rest.joined(separator: " ") }
    if number + 1 < lines.count { return lines[number + 1].joined(separator: " ") }
  }
  return nil
}
