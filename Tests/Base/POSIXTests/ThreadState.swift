import Glibc

private typealias Call = @convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int

/// syscall(2), which Glibc's module lacks; the functions of the C library would change all threads.
private let systemCall = unsafeBitCast(dlsym(nil, "syscall"), to: Call.self)

/// The user of one thread.
enum OtherUser {
  #if arch(x86_64)
    private static let (setUser, setGroup, setGroups) = (117, 119, 116)
  #else
    private static let (setUser, setGroup, setGroups) = (147, 149, 159)
  #endif

  /// Gives the calling thread the user and the groups, for good; returns whether that worked.
  static func become(_ user: uid_t, groups: [gid_t]) -> Bool {
    let group = Int(groups.first ?? user)
    let hasGroups = groups.withUnsafeBufferPointer {
      systemCall(setGroups, groups.count, Int(bitPattern: $0.baseAddress), 0, 0, 0, 0) == 0
    }
    return hasGroups && systemCall(setGroup, group, group, group, 0, 0, 0) == 0
      && systemCall(setUser, Int(user), Int(user), Int(user), 0, 0, 0) == 0
  }
}

/// A filter of the system calls of one thread.
enum Filter {
  /// One instruction of a filter, as `struct sock_filter`.
  private struct Instruction {
    var code: UInt16
    var jumpIfTrue: UInt8 = 0
    var jumpIfFalse: UInt8 = 0
    var value: UInt32
  }

  /// Makes a system call fail in the calling thread, for good; returns whether that worked.
  ///
  /// Source: Linux, Documentation/userspace-api/seccomp_filter.rst.
  static func refuse(call number: UInt32, with error: CInt) -> Bool {
    // BPF_LD | BPF_W | BPF_ABS: the number; BPF_JMP | BPF_JEQ | BPF_K; BPF_RET | BPF_K: an error, or allowed.
    let program = [
      Instruction(code: 0x20, value: 0), Instruction(code: 0x15, jumpIfFalse: 1, value: number),
      Instruction(code: 0x06, value: 0x5_0000 | UInt32(error)), Instruction(code: 0x06, value: 0x7FFF_0000),
    ]
    #if arch(x86_64)
      let prctl = 157
    #else
      let prctl = 167
    #endif
    return program.withUnsafeBufferPointer { instructions in
      var header = (UInt16(instructions.count), instructions.baseAddress)
      // PR_SET_NO_NEW_PRIVS; PR_SET_SECCOMP with SECCOMP_MODE_FILTER.
      return systemCall(prctl, 38, 1, 0, 0, 0, 0) == 0
        && withUnsafePointer(to: &header) { systemCall(prctl, 22, 2, Int(bitPattern: $0), 0, 0, 0) == 0 }
    }
  }
}
