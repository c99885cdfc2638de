import Diagnostics
import Digests
import ImageFormats
import ImageRecord
import Outputs

extension SavePlan {
  /// The plan as text: a few lines for each image and one for each file.
  public var text: String {
    let path = job.target.path.map { "\($0)" } ?? "standard output"
    var lines = [
      "\(job.format.name) to \(path): \(sizeText(output.size, unknown: "size not known in advance"))"
    ]
    for record in selection.records {
      let tags = record.tags.isEmpty ? "no tags" : record.tags.joined(separator: " ")
      let layers = record.layers.count == 1 ? "1 layer" : "\(record.layers.count) layers"
      lines.append("image \(record.id.prefix(12)): \(printable(tags)), \(layers)")
    }
    for member in output.members { lines.append(line(of: member)) }
    if output.temporarySize != 0 {
      lines.append(
        "temporary file: \(output.temporarySize.map { "at most \($0) bytes" } ?? "size not known")")
    }
    for note in output.notes { lines.append("note: \(note)") }
    for refusal in refusals { lines.append("would fail: \(refusal)") }
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(of member: PlannedMember) -> String {
    let size = member.size.map { String($0) } ?? "?"
    let padding = String(repeating: " ", count: max(0, 14 - size.utf8.count))
    let unnamed = member.layer.map { "(layer \($0.hex.prefix(12)), compressed)" } ?? "(manifest)"
    return "\(padding)\(size)  \(member.name ?? unnamed)\(member.link.map { " -> \($0)" } ?? "")"
  }

  private func sizeText(_ size: UInt64?, unknown: String) -> String { size.map { "\($0) bytes" } ?? unknown }
}
