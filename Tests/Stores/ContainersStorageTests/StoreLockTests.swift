import Foundation
import POSIX
import StoreFixtures
import Testing

@testable import ContainersStorage

/// Readers wait for writers, and announce the wait.
@Suite struct StoreLockTests {
  /// A writer's lock as containers-storage takes it: owned by the process, on its own descriptor.
  ///
  /// It also excludes the reader's locks within the same process.
  private final class Writer: Sendable {
    private let file: CInt

    init(_ path: String) throws {
      file = open(path, O_RDWR | O_CLOEXEC)
      var lock = flock()
      lock.l_type = Int16(F_WRLCK)
      try #require(file >= 0 && fcntl(file, F_SETLK, &lock) == 0)
    }

    func release() { close(file) }
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["overlay-images/images.lock", "overlay-layers/layers.lock"])
  func aWriterIsWaitedFor(name: String) throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path)
    let writer = try Writer(folder.at(name))
    var waits: [Path] = []
    let snapshot = try StoreSnapshot(
      of: store.location,
      onWait: { path in
        waits.append(path)
        writer.release()
      })
    #expect(waits == [Path(folder.at(name))])
    #expect(snapshot.images.count == 1)
  }

  @Test func readersDoNotWaitForEachOther() throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path)
    var waits = 0
    _ = try StoreSnapshot(of: store.location) { _ in
      waits += 1
    }
    let file = try FileDescriptor.open(Path(folder.at("overlay-images/images.lock")), O_RDONLY)
    let isLocked = try file.lockShared("lock")
    _ = try StoreSnapshot(of: store.location) { _ in
      waits += 1
    }
    #expect(isLocked)
    #expect(waits == 0)
  }

  /// The same across processes: perl is the writer, reports when it has the lock, and releases it on request.
  @Test(
    .timeLimit(.minutes(5)),
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/perl"), "needs perl"))
  func aWriterInAnotherProcessIsWaitedFor() throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path)
    let lock = folder.at("overlay-images/images.lock")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/perl")
    process.arguments = [
      "-e",
      "use Fcntl; open(F, '+<', $ARGV[0]) or die; my $lock = pack('s s x4 q q i x4', F_WRLCK, 0, 0, 0, 0); "
        + "fcntl(F, F_SETLK, $lock) or die; $| = 1; print \"locked\\n\"; <STDIN>",
      lock,
    ]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
    var waits: [Path] = []
    let snapshot = try StoreSnapshot(
      of: store.location,
      onWait: { path in
        waits.append(path)
        try? input.fileHandleForWriting.close()
      })
    process.waitUntilExit()
    #expect(waits == [Path(lock)])
    #expect(snapshot.images.count == 1)
  }
}

extension StoreLockTests {
  /// A writer that never releases the lock: its files are complete, so they are read without the lock.
  @Test(.timeLimit(.minutes(5))) func aWriterThatKeepsTheLockIsNotWaitedForToTheEnd() throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path)
    let writer = try Writer(folder.at("overlay-layers/layers.lock"))
    var waits = 0
    let lock = try StoreLock(
      Path(folder.at("overlay-layers/layers.lock")), patience: LockPatience(milliseconds: 50),
      onWait: { _ in waits += 1 })
    _ = consume lock
    #expect(waits == 1)
    writer.release()
    #expect(try StoreSnapshot(of: store.location).images.count == 1)
  }

  /// All locks and readings share one patience: when it is exhausted, nothing is waited for or announced.
  @Test(.timeLimit(.minutes(5))) func allLocksShareOnePatience() throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path)
    let names = ["overlay-layers/layers.lock", "overlay-images/images.lock"]
    let writers = try names.map { try Writer(folder.at($0)) }
    let patience = LockPatience(milliseconds: 50)
    var waits: [Path] = []
    for _ in 1...3 {
      let snapshot = try StoreSnapshot(of: store.location, patience: patience) { waits.append($0) }
      #expect(snapshot.images.count == 1)
    }
    #expect(waits == [Path(folder.at(names[0]))])
    for writer in writers { writer.release() }
  }

  /// A wait that ends early leaves the rest for other locks.
  @Test(.timeLimit(.minutes(5))) func theRestOfThePatienceIsKept() throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path)
    let names = ["overlay-layers/layers.lock", "overlay-images/images.lock"]
    let writers = try names.map { try Writer(folder.at($0)) }
    let patience = LockPatience()
    var waits: [Path] = []
    _ = try StoreSnapshot(of: store.location, patience: patience) { path in
      waits.append(path)
      writers[waits.count - 1].release()
    }
    #expect(waits == names.map { Path(folder.at($0)) })
    #expect(!patience.isExhausted)
  }

  /// A pause takes time from the patience and says whether there was any.
  @Test func pausesUseUpThePatience() {
    let enough = LockPatience()
    #expect(enough.pause())
    #expect(!enough.isExhausted)
    let little = LockPatience(milliseconds: 1)
    #expect(!little.isExhausted && little.pause())
    #expect(little.isExhausted && !little.pause())
    let none = LockPatience(milliseconds: 0)
    #expect(none.isExhausted && !none.pause())
  }

  @Test func aChangeBetweenTwoReadingsIsSeen() throws {
    let folder = try TemporaryDirectory()
    let store = try SampleStore.build(at: folder.path)
    let before = try StoreSnapshot(of: store.location)
    #expect(try StoreSnapshot(of: store.location).isUnchanged(since: before))
    for name in ["images", "layers"] {
      try folder.write("[]", to: "overlay-\(name)/\(name).json")
      #expect(try !StoreSnapshot(of: store.location).isUnchanged(since: before))
      try store.write()
      #expect(try StoreSnapshot(of: store.location).isUnchanged(since: before))
    }
  }
}
