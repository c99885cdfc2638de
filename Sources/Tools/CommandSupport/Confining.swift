import Confinement
import Diagnostics
import Glibc
import POSIX

extension Messages {
  /// Gives up what a tool does not need, once its command line is read: the network, other programs, and writing
  /// anywhere but below some places and the folder for temporary files.
  ///
  /// - Throws: A fault of the system, such as the lack of memory or descriptors.
  public func confine(writing places: [Path]) throws(Failure) {
    let confinement = Confinement(writes: places + [.temporaryFiles])
    report(try converting(Self.failure, confinement.enter), "writes go to the target only")
  }

  /// Gives up reading anywhere but below some places, once all sources are known; for a tool that is confined.
  ///
  /// - Throws: As ``confine(writing:)``.
  public func confine(reading places: [Path]) throws(Failure) {
    // The privileges and mounts of this process, the variant of an ARM processor, the names of users for messages, the
    // time zone, which gmtime_r(3) reads.
    let system: [Path] = [
      .temporaryFiles, "/proc/self", "/proc/cpuinfo", "/etc/passwd", "/etc/localtime", "/usr/share/zoneinfo",
    ]
    let confinement = Confinement(reads: places + system)
    report(try converting(Self.failure, confinement.narrow), "reads come from the source only")
  }

  private static func failure(_ error: SystemError) -> Failure { error.failure.within("confinement") }

  private func report(_ mechanisms: [Confinement.Mechanism], _ effect: String) {
    let hasLandlock = mechanisms.contains { if case .landlock = $0 { true } else { false } }
    detail(
      "confined by \(mechanisms.isEmpty ? "nothing new" : mechanisms.map(\.description).joined(separator: ", "))"
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
