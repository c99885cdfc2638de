import Confinement
import Glibc
import POSIX

extension Messages {
  /// Gives up what a tool does not need, once its command line is read: the network, other programs, and writing
  /// anywhere but below some places and the folder for temporary files.
  public func confine(writing places: [Path]) {
    enter(Confinement(writes: places + [temporaryFiles]), "writes go to the target only")
  }

  /// Gives up reading anywhere but below some places, once all sources are known.
  public func confine(reading places: [Path]) {
    // The privileges and mounts of this process, the variant of an ARM processor, the names of users for messages.
    enter(
      Confinement(reads: places + [temporaryFiles, "/proc/self", "/proc/cpuinfo", "/etc/passwd"]),
      "reads come from the source only")
  }

  private var temporaryFiles: Path { Path(Environment.value("TMPDIR") ?? "/var/tmp") }

  private func enter(_ confinement: Confinement, _ effect: String) {
    let mechanisms = confinement.enter()
    let hasLandlock = mechanisms.contains { if case .landlock = $0 { true } else { false } }
    detail(
      "confined by \(mechanisms.isEmpty ? "nothing" : mechanisms.map(\.description).joined(separator: ", "))"
        + (hasLandlock ? ": \(effect)" : ""))
    #if DEBUG
      tryPlantedOpen()
    #endif
  }

  #if DEBUG
    /// Opens the file that a test names, as a bug might; the test expects a refusal.
    private func tryPlantedOpen() {
      for (variable, flags) in [("IMG_PLANTED_READ", O_RDONLY), ("IMG_PLANTED_WRITE", O_WRONLY | O_CREAT)] {
        guard let path = Environment.value(variable) else { continue }
        do {
          _ = try FileDescriptor.open(Path(path), flags, mode: 0o600)
          note("planted: \(path) was opened")
        } catch {
          note("planted: \(path): \(error.reason)")
        }
      }
    }
  #endif
}
