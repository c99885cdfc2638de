import CommandSupport
import Diagnostics
import ImageFormats
import ImageRecord
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
  let selection = try SaveSelection(records, format: job.format, additionalTags: additionalTags)
  messages.show(selection, job)
  if reports.dryRun { return try show(job.plan(selection), reports) }

  var job = job
  let progress = quiet ? nil : (reports.progress ?? .auto).renderer(messages)
  job.observer = progress
  job.target.summarizes = reports.report != nil
  let written: WrittenOutput
  do {
    written = try job.run(selection)
  } catch {
    progress?.end()
    throw error
  }
  progress?.end()

  messages.show(written)
  if let report = reports.report { try write(SaveReport(selection, job, written).line, report: report) }
  if let events = reports.events {
    try SideFile("--events", events).write(SaveEvents(selection, job.target).lines, appending: true)
  }
}

/// Prints a plan, and fails as the save would fail.
private func show(_ plan: SavePlan, _ reports: ReportOptions) throws(Failure) {
  if let report = reports.report { try write(plan.line, report: report) }
  if reports.report != "-" { try StandardOutput.write(Array(plan.text.utf8)) }
  if let refusal = plan.refusals.first { throw refusal }
}

private func write(_ line: [UInt8], report: Path) throws(Failure) {
  if report == "-" { return try StandardOutput.write(line) }
  try SideFile("--report", report).write(line)
}
