import CommandSupport
import Diagnostics
import ImageFormats
import ImageRecord
import ImageSource
import Outputs
import POSIX
import Saving

/// Saves and reports, or prints the plan: the second half of img-save, and all of img-tar.
///
/// The records must have manifests of the job's format.
public func save(
  _ records: [ImageRecord], additionalTags: [AdditionalTag] = [], _ job: SaveJob, _ reports: ReportOptions,
  _ messages: Messages, quiet: Bool
) throws(Failure) {
  var job = job
  job.target.summarizes = reports.report != nil
  var selection = try SaveSelection(
    records, format: job.format, additionalTags: additionalTags, isMultiImage: job.options.isMultiImage)
  if !reports.dryRun { selection = job.measured(selection) }
  messages.show(selection, job)
  if !quiet, let note = job.compressionNote { messages.note(note) }
  let prepared = try job.prepare(selection)
  // Files without a name, which the targets start as, are opened to be read, too.
  try messages.confine(
    reading: selection.records.places(of: job.providers) + job.target.places + reports.places)
  if reports.dryRun { return try show(prepared.plan(), reports, messages, quiet: quiet) }
  if !quiet { prepared.notes.forEach(messages.note) }

  let work = ProgressWork(sizes: prepared.layers.map { $0.stream?.size })
  let progress = quiet ? nil : (reports.progress ?? .auto).renderer(work, messages)
  let start = monotonicTime()
  let written: WrittenOutput
  do {
    written = try prepared.run(observer: progress)
  } catch {
    progress?.end(nil)
    throw error
  }
  progress?.end(SavedOutput(selection, job, written, duration: monotonicTime() - start))

  messages.show(written)
  if let report = reports.report {
    try complete { () throws(Failure) in try write(SaveReport(selection, job, written).line, report: report) }
  }
  if let events = reports.events {
    try complete { () throws(Failure) in
      try SideFile("--events", events).append(SaveEvents(selection, job.target).lines)
    }
  }
}

extension OutputOptions {
  /// Gives up what a save does not need, before it reads any source.
  public func confine(_ messages: Messages, _ reports: ReportOptions) throws(Failure) {
    try messages.confine(writing: OutputTarget(path: output).places + reports.places)
  }
}

/// Does what follows a save; a failure says that the output is there.
private func complete(_ body: () throws(Failure) -> Void) throws(Failure) {
  do {
    try body()
  } catch {
    throw Failure(error.kind, error.subject, "\(error.reason) (the output is complete)")
  }
}

/// Prints a plan, and fails as the save would fail.
private func show(
  _ plan: SavePlan, _ reports: ReportOptions, _ messages: Messages, quiet: Bool
) throws(Failure) {
  if let report = reports.report { try write(plan.line, report: report) }
  if reports.report != "-" { try StandardOutput.write(Array(plan.text(isComplete: messages.isVerbose).utf8)) }
  if !quiet, let note = plan.spaceNote { messages.note(note) }
  if let refusal = plan.refusals.first { throw refusal }
}

extension SaveJob {
  /// A note if the target's name promises a compressed archive: archives are plain tar.
  fileprivate var compressionNote: String? {
    guard let path = target.path, case .archive = format.container else { return nil }
    let name = String(decoding: path.lastComponent.bytes, as: UTF8.self).lowercased()
    let programs = [
      (".gz", "gzip"), (".tgz", "gzip"), (".zst", "zstd"), (".tzst", "zstd"), (".xz", "xz"), (".txz", "xz"),
      (".bz2", "bzip2"), (".tbz2", "bzip2"),
    ]
    guard let (_, program) = programs.first(where: { name.hasSuffix($0.0) }) else { return nil }
    return
      "\(path): the archive itself is not compressed (to compress it, pipe it to \(program) instead of using -o)"
  }
}

/// Writes a report to its file, or to standard output.
func write(_ line: [UInt8], report: Path) throws(Failure) {
  if report == "-" { return try StandardOutput.write(line) }
  try SideFile("--report", report).replace(line)
}
