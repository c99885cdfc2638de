import Diagnostics
import Glibc
import POSIX

/// Standard output for data.
public enum StandardOutput {
  /// Whether standard output is a terminal.
  public static var isTerminal: Bool { isatty(1) == 1 }

  /// Writes all bytes and closes standard output, so that late errors are reported.
  public static func write(_ bytes: [UInt8]) throws(Failure) {
    let file = FileDescriptor(owning: 1)
    do {
      try bytes.withBytes { buffer throws(SystemError) in try file.write(buffer, "standard output") }
      try file.close("standard output")
    } catch {
      throw error.failure
    }
  }
}

/// Standard input for data.
public enum StandardInput {
  /// The most bytes to read: some ten thousand records.
  private static let limit = 1 << 30

  /// Whether standard input is a terminal.
  public static var isTerminal: Bool { isatty(0) == 1 }

  /// Reads everything up to the end; refuses a terminal unless a person may type the data.
  public static func readToEnd(allowingTerminal: Bool = false) throws(Failure) -> [UInt8] {
    let file = FileDescriptor(owning: 0)
    if isTerminal, !allowingTerminal {
      throw Failure(.usage, "standard input", "expected records, not a terminal")
    }
    do {
      if let bytes = try file.readToEnd(limit: limit, "standard input") { return bytes }
    } catch {
      throw error.failure
    }
    throw Failure(.badData, "standard input", "longer than \(limit) bytes")
  }
}
