import Glibc
import POSIX
import Synchronization

/// The promises that were checked and kept since the start of the process.
public let promisesKept = Atomic(0)

/// Stops the fuzzer with a finding unless a promise holds.
func promise(_ holds: Bool, _ text: @autoclosure () -> String) {
  if !holds { fatalError(text()) }
  promisesKept.add(1, ordering: .relaxed)
}

/// An unnamed file for code that reads only from paths.
final class ScratchFile {
  private let descriptor: CInt

  init?(_ bytes: [UInt8]) {
    descriptor = open("/dev/shm", O_RDWR | unnamedFileFlag | O_CLOEXEC, 0o600)
    if descriptor < 0 || write(descriptor, bytes, bytes.count) != bytes.count { return nil }
  }

  deinit {
    close(descriptor)
  }

  /// A path that leads to the file.
  var path: Path { Path("/proc/self/fd/\(descriptor)") }
}

/// Splits an input at the first NUL into two texts.
func halves(_ bytes: [UInt8]) -> (first: [UInt8], second: [UInt8]) {
  guard let index = bytes.firstIndex(of: 0) else { return (bytes, []) }
  return (Array(bytes[..<index]), Array(bytes[(index + 1)...]))
}
