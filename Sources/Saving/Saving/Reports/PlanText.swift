import Diagnostics
import Digests
import ImageFormats
import ImageManifest
import ImageRecord
import Outputs

extension SavePlan {
  /// The plan as text: the images, the files, and the total in the last line.
  ///
  /// The first refusal is left to the message that ends the command. Long lists of layers and of files in
  /// folders are folded, unless `isComplete`.
  public func text(isComplete: Bool) -> String {
    var lines = selection.records.map { record in
      let tags = record.tags.isEmpty ? "no tags" : record.tags.joined(separator: " ")
      let layers = record.layers.count == 1 ? "1 layer" : "\(record.layers.count) layers"
      return "image \(record.id.prefix(12)): \(printable(tags)), \(layers)"
    }
    for list in output.lists {
      let title = list.tags.isEmpty ? "no tags" : list.tags.joined(separator: " ")
      let absent =
        list.absentPlatforms.isEmpty ? "" : "; without \(list.absentPlatforms.joined(separator: ", "))"
      lines.append("list of \(printable(title)): \(printable(list.platforms.joined(separator: ", ") + absent))")
    }
    for run in MemberRun.runs(of: output.members) { lines += run.lines(isFolded: !isComplete) }
    if !output.present.isEmpty {
      let layers = output.present.count == 1 ? "1 layer" : "\(output.present.count) layers"
      lines.append("there already: \(layers), \(byteText(output.present.map(\.size).reduce(0, &+)))")
    }
    if output.absentLayers > 0 {
      let layers = output.absentLayers == 1 ? "1 layer" : "\(output.absentLayers) layers"
      lines.append("left out: \(layers), \(output.saved.map(byteText) ?? "size not known")")
    }
    if output.temporarySize != 0 {
      lines.append(
        "temporary file: \(output.temporarySize.map { "at most \(byteText($0))" } ?? "size not known")")
    }
    for note in output.notes { lines.append("note: \(note)") }
    var refused = Set(refusals.prefix(1).map(\.description))
    for refusal in refusals where refused.insert("\(refusal)").inserted {
      lines.append("would also fail: \(refusal)")
    }
    lines.append(total)
    return lines.map { $0 + "\n" }.joined()
  }

  private var total: String {
    let path = job.target.path.map { "\($0)" } ?? "standard output"
    let size = output.size.map(byteText) ?? "size not known in advance"
    return "\(job.format.name) to \(path): \(size)\(free.map { " (\(byteText($0)) free)" } ?? "")"
  }
}

/// Members in sequence that a reader takes for one list.
private struct MemberRun {
  private enum Kind {
    case layers
    case filesInFolders
    case others
  }

  private let kind: Kind
  private var members: [PlannedMember]
  /// A longer list is folded: the first lines remain.
  private static let longest = 12
  private static let remaining = 6

  static func runs(of members: [PlannedMember]) -> [MemberRun] {
    var runs: [MemberRun] = []
    for member in members {
      let isInFolder = member.name?.utf8.contains(0x2F) == true
      let kind: Kind = member.layer != nil ? .layers : isInFolder ? .filesInFolders : .others
      if runs.last?.kind != kind { runs.append(MemberRun(kind: kind, members: [])) }
      runs[runs.count - 1].members.append(member)
    }
    return runs
  }

  func lines(isFolded: Bool) -> [String] {
    guard isFolded, kind != .others, members.count > MemberRun.longest else { return members.map(line) }
    let rest = members.dropFirst(MemberRun.remaining)
    let sizes = rest.compactMap(\.size)
    let size = sizes.count == rest.count ? byteText(sizes.reduce(0, &+)) : "?"
    let more = "\u{2026} \(rest.count) more \(kind == .layers ? "layers" : "files") \u{2026}"
    return members.prefix(MemberRun.remaining).map(line) + [column(size) + more]
  }

  private func line(_ member: PlannedMember) -> String {
    let unnamed = member.layer.map { "(layer \($0.hex.prefix(12)), compressed)" } ?? "(manifest)"
    let name = (member.name ?? unnamed) + (member.link.map { " -> \($0)" } ?? "")
    return column(member.link == nil ? member.size.map(byteText) ?? "?" : "") + name
  }

  private func column(_ size: String) -> String {
    String(repeating: " ", count: max(0, 10 - size.utf8.count)) + size + "  "
  }
}
