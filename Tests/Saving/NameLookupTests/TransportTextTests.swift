import POSIX
import Testing

@testable import NameLookup

/// Which texts a transport accepts as its own; all others may be names.
@Suite struct TransportTextTests {
  private static let digest = "sha256:" + String(repeating: "a", count: 64)
  private static let other = "sha512:" + String(repeating: "b", count: 128)

  @Test(arguments: [
    // Sources: containers/image docker, docker/daemon, docker/archive, openshift, oci.
    ("docker", "//busybox", true), ("docker", "//quay.io/a/b:1", true), ("docker", "//busybox@\(digest)", true),
    ("docker", "//busybox:1@\(digest)", false), ("docker", "busybox", false), ("docker", "/busybox", false),
    ("docker", "//UPPER", false), ("docker", "//", false),
    ("docker", "//busybox@@unknown-digest@@", true), ("docker", "//busybox:1@@unknown-digest@@", false),
    ("docker", "//busybox@\(digest)@@unknown-digest@@", false), ("docker", "//UPPER@@unknown-digest@@", false),
    ("docker-daemon", digest, true), ("docker-daemon", other, false), ("docker-daemon", "busybox:1", true),
    ("docker-daemon", "busybox@\(digest)", true), ("docker-daemon", "busybox", false),
    ("docker-daemon", "busybox:1@\(digest)", false), ("docker-daemon", "sha256:12", false),
    ("docker-daemon", "UPPER:1", false), ("docker-daemon", "", false),
    ("docker-archive", "", false), ("docker-archive", "/no/such", true), ("docker-archive", "x:busybox", true),
    ("docker-archive", "x:busybox:1", true), ("docker-archive", "x:busybox@\(digest)", false),
    ("docker-archive", "x:UPPER", false), ("docker-archive", "x:", false), ("docker-archive", "x:@0", true),
    ("docker-archive", "x:@-1", false), ("docker-archive", "x:@x", false),
    ("atomic", "host:5000/a/stream:1", true), ("atomic", "host/a/stream:1", false),
    ("atomic", "a/stream:1", true), ("atomic", "a/stream", false),
    ("atomic", "stream:1", true), ("atomic", "host.io/stream:1", false),
    ("atomic", "host.io/a/b/stream:1", false),
    ("atomic", "UPPER:1", false),
    ("oci", "/tmp", true), ("oci", "/tmp:v1", true), ("oci", "/tmp:a b", false), ("oci", "/tmp:@0", true),
    ("oci", "/tmp:@x", false), ("oci", "/no/such:v1", false), ("oci", "/tmp/new:v1", true),
    ("oci-archive", "/tmp:v1", true), ("oci-archive", "/tmp:@0", false), ("oci-archive", "/no/such:v1", false),
    ("dir", "/tmp", true), ("dir", "/tmp/new", true), ("dir", "/no/such", false), ("sif", "/tmp/new", true),
    ("tarball", "/etc/passwd", true), ("tarball", "/no/such", false), ("tarball", "-", true),
    ("tarball", "-:/etc/passwd", true), ("tarball", "-::-", false), ("tarball", "", false),
    ("containers-storage", "busybox", false), ("ostree", "busybox", false),
  ])
  func accepts(transport: String, text: String, isAccepted: Bool) throws {
    let transport = try #require(Transport(rawValue: transport))
    #expect(transport.accepts(text[...], files: .fixture) == isAccepted)
  }

  /// A path that does not exist may be a new file: its directory must exist, and its name must be one.
  @Test(arguments: [
    ("x/new", true), ("x/.", false), ("x/..", false), ("x/...", true), (".", false), ("..", false),
  ])
  func aNewFileHasAName(path: String, isAccepted: Bool) {
    let files = FileProbe(presence: { _ in .absent }, resolves: { _ in true }, isReadable: { _ in false })
    #expect(files.acceptsPath(path[...]) == isAccepted)
  }

  /// Descriptors of other processes come and go.
  @Test func pathsInProcAreAccepted() {
    for path in ["/proc/self/fd/77", "/proc/no-such-process/fd/1", "///proc/no-such-process/fd/1"] {
      #expect(FileProbe.real.acceptsPath(path[...]))
    }
    #expect(!FileProbe.real.acceptsPath("/procedure/no-such/fd/1"))
    #expect(!FileProbe.real.acceptsPath("//proc/no-such-process/fd/1"))
  }

  @Test(arguments: [
    ("docker-daemon:busybox:1", "docker-daemon:", "busybox:1", false),
    // Its transport refuses it, and it is a name with the tag `busybox`.
    ("docker-daemon:busybox", "docker-daemon:", "busybox", true),
    ("docker-daemon:UPPER?", "docker-daemon:", "UPPER?", false),
    ("containerd:busybox", "containerd:", "busybox", true),
    ("containerd:busybox:1", "containerd:", "busybox:1", false),
  ])
  func referencesToOtherStores(text: String, prefix: String, name: String, mayBeName: Bool) throws {
    let reference = try #require(OtherStoreReference(text))
    #expect(reference.prefix == prefix && reference.name == name)
    #expect(reference.mayBeName == mayBeName)
    #expect(reference.store == (prefix.hasPrefix("docker") ? .docker : .containerd(namespace: nil, root: nil)))
  }

  @Test(arguments: [
    ("[ns@/root]x:1", "ns", "/root", "x:1"), ("[ns]x", "ns", nil, "x"), ("[@/root]x", nil, "/root", "x"),
    ("[ns@]x", "ns", nil, "x"), ("[]x", nil, nil, "x"), ("[@]x", nil, nil, "x"), ("[a@b@c]x", "a", "b@c", "x"),
    ("[ns@/root]", "ns", "/root", ""), ("[unclosed", nil, nil, "[unclosed"),
  ])
  func placesInContainerd(text: String, namespace: String?, root: String?, name: String) throws {
    let reference = try #require(OtherStoreReference("containerd:" + text))
    #expect(reference.store == .containerd(namespace: namespace, root: root))
    #expect(reference.name == name)
    #expect(reference.prefix + reference.name == "containerd:" + text)
    #expect(!reference.mayBeName)
  }

  @Test(arguments: [
    "busybox", "docker:busybox", "docker-daemo:x", "CONTAINERD:x", "containers-storage:x", ":x",
  ])
  func otherTextsAreNoReferences(text: String) {
    #expect(OtherStoreReference(text) == nil)
  }
}
