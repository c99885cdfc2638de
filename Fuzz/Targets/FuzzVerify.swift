import Diagnostics
import JSON
import Verification

/// A whole archive: the verdict is always the same, and is written as JSON; more checks find no fewer faults.
public func fuzzVerify(_ bytes: [UInt8]) {
  let bytes = repaired(bytes)
  let plain = report(bytes, isDeep: false)
  promise(report(bytes, isDeep: false)?.line == plain?.line, "another verdict about the same archive")
  let deep = report(bytes, isDeep: true)
  promise((plain == nil) == (deep == nil), "an archive that only some checks can read")
  if let plain, let deep {
    promise(plain.isIntact || !deep.isIntact, "a fault that more checks do not find")
    promise((try? JSONValue(parsing: plain.line, rules: .lenient)) != nil, "a report that is not JSON")
  }
}

private func report(_ bytes: [UInt8], isDeep: Bool) -> (line: [UInt8], isIntact: Bool)? {
  var options = Verification.Options()
  options.isDeep = isDeep
  // A thread for each input would take most of the time.
  options.usesThreads = false
  options.hashesArchive = true
  guard let verification = try? Verification(archive: MemoryBytes(bytes), options) else { return nil }
  promise(verification.size == UInt64(bytes.count), "an archive that is not read to its end")
  promise(!verification.findings.isIntact || verification.kind != .unknown, "an intact archive of nothing")
  for fault in verification.findings.faults { promise(!fault.text.isEmpty, "a fault without a reason") }
  return (VerifyReport(verification, path: "-").line, verification.findings.isIntact)
}
