import Glibc
import ImageRecord
import JSON
import Outputs
import POSIX

/// The events of a save in the format of libpod's event log: the option `--events`.
///
/// Source: containers/podman, libpod/events, the log file backend.
public struct SaveEvents: Sendable {
  private let selection: SaveSelection
  private let path: String

  /// The events of a successful save.
  public init(_ selection: SaveSelection, _ target: OutputTarget) {
    self.selection = selection
    path = target.path.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "-"
  }

  /// One line for each image, with the current time.
  public var lines: [UInt8] {
    let time = currentTime()
    return selection.records.flatMap { record in
      var json = JSONWriter()
      json.object { json in
        json.key("ID")
        json.string(record.id)
        json.key("Name")
        json.string(path)
        json.key("Status")
        json.string("save")
        json.key("Time")
        json.string(time)
        json.key("Type")
        json.string("image")
        json.key("Attributes")
        json.null()
      }
      return json.bytes + [0x0A]
    }
  }
}

/// The current time in RFC 3339 with nanoseconds, in UTC.
private func currentTime() -> String {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  var parts = tm()
  gmtime_r(&now.tv_sec, &parts)
  func digits(_ value: some BinaryInteger, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
  let date = [digits(parts.tm_year + 1900, 4), digits(parts.tm_mon + 1, 2), digits(parts.tm_mday, 2)]
  let clock = [digits(parts.tm_hour, 2), digits(parts.tm_min, 2), digits(parts.tm_sec, 2)]
  return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).\(digits(now.tv_nsec, 9))Z"
}
