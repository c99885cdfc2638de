import ImageManifest
import ImageRecord
import JSON

/// Records: a record that was read is written and read the same, and conversion never traps.
public func fuzzRecord(_ bytes: [UInt8]) {
  guard let records = try? ImageRecord.records(in: bytes) else { return }
  promise(!records.isEmpty, "no records")
  for record in records {
    let line = record.line
    let again = try? ImageRecord.records(in: line)
    promise(again?.count == 1, "a record that cannot be read again")
    promise(again?.first?.line == line, "a record that changes when it is written again")
    _ = record.prettyLines(dataLimit: 40)
    for family in [ManifestFamily.oci, .docker] { _ = try? record.converted(to: family) }
  }
}
