import POSIX

/// Takes a step that the kernel, or a place, may not support; returns whether it was taken.
///
/// - Throws: An error that may pass, or that of a device: without the step, its effect would be missed later, as a rule
///   whose lack denies the target.
func isOffered(_ step: () throws(SystemError) -> Void) throws(SystemError) -> Bool {
  do {
    try step()
    return true
  } catch {
    if error.isTransient || error.isDeviceTrouble { throw error }
    return false
  }
}
