extension Interface {
  /// The text of `--help`, for 80 columns.
  public var help: String {
    var text = "OVERVIEW: \(abstract)\n\nUSAGE: \(tool) [<options>]"
    if let operands {
      text += " [<\(operands.placeholder)> ...]\n\nARGUMENTS:\n"
      text += entry("<\(operands.placeholder)>", operands.help)
    } else {
      text += "\n"
    }
    for section in sections {
      text += "\n\(section.title):\n"
      for option in section.options { text += entry(label(option), option.help) }
    }
    if let example { text += "\nEXAMPLE:\n  $ \(example)\n" }
    return text + "\nSee man \(tool).\n"
  }

  private func label(_ option: Option<Values>) -> String {
    let letter = option.letter.map { "-\($0), " } ?? ""
    return "\(letter)--\(option.name)" + (option.placeholder.map { " <\($0)>" } ?? "")
  }

  /// A label with its explanation on the same line, or below a long label.
  private func entry(_ label: String, _ explanation: String) -> String {
    let (column, width) = (26, 79)
    let margin = String(repeating: " ", count: column)
    var line = "  \(label)"
    var text = ""
    if line.count < column {
      line += margin.dropFirst(line.count)
    } else {
      text = line + "\n"
      line = margin
    }
    for word in explanation.split(separator: " ") {
      if line.count > column, line.count + 1 + word.count > width {
        text += line + "\n"
        line = margin
      }
      line += (line.count > column ? " " : "") + word
    }
    return text + line + "\n"
  }
}
