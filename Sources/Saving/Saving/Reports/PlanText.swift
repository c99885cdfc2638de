import Diagnostics
import Digests
import ImageArchive
import ImageRecord

extension SavePlan {
  /// The plan for people, a few lines for each image and one for each file.
  public var text: String {
    let path = options.target.path.map { "\($0)" } ?? "standard output"
    var lines = [
      "\(options.format.rawValue) to \(path): \(sizeText(archive.size, unknown: "size not known in advance"))"
    ]
    for record in selection.records {
      let tags = record.tags.isEmpty ? "no tags" : record.tags.joined(separator: " ")
      let layers = record.layers.count == 1 ? "1 layer" : "\(record.layers.count) layers"
      lines.append("image \(record.id.prefix(12)): \(printable(tags)), \(layers)")
    }
    for member in archive.members { lines.append(line(of: member)) }
    if archive.temporarySize > 0 {
      lines.append("temporary file: at most \(archive.temporarySize) bytes")
    }
    for refusal in refusals { lines.append("would fail: \(refusal)") }
    return lines.map { $0 + "\n" }.joined()
  }

  private func line(of member: ArchivePlan.Member) -> String {
    let size = member.size.map { String($0) } ?? "?"
    let padding = String(repeating: " ", count: max(0, 14 - size.utf8.count))
    let unnamed = member.layer.map { "(layer \($0.hex.prefix(12)), compressed)" } ?? "(manifest)"
    return "\(padding)\(size)  \(member.name ?? unnamed)\(member.link.map { " -> \($0)" } ?? "")"
  }

  private func sizeText(_ size: UInt64?, unknown: String) -> String { size.map { "\($0) bytes" } ?? unknown }
}
