import Diagnostics
import Testing

@testable import ImageFiles

/// References to archives and directories are read as containers/image reads them.
@Suite struct ReferenceTests {
  @Test func textsOfOtherTransportsAreNoReferences() throws {
    for text in ["busybox", "docker://busybox", "containers-storage:x", "dirs:x", "oci", ""] {
      #expect(try ImageFileReference(text) == nil)
    }
  }

  @Test(arguments: [
    ("oci:x", "x", ImageFileReference.Selector.only), ("oci:x:", "x", .only), ("oci:p:q", "p", .name("q")),
    ("oci:/a/b:docker.io/acme/app:1", "/a/b", .name("docker.io/acme/app:1")), ("oci:x:@2", "x", .index(2)),
    ("oci-archive:x.tar:v1", "x.tar", .name("v1")), ("oci-archive:-", "-", .only),
    ("docker-archive:x", "x", .only), ("docker-archive:x:acme/app", "x", .name("acme/app")),
    ("docker-archive:x:acme/app:1", "x", .name("acme/app:1")), ("docker-archive:x:@0", "x", .index(0)),
    ("dir:a:b", "a:b", .only),
  ])
  func reads(text: String, path: String, selector: ImageFileReference.Selector) throws {
    let reference = try #require(try ImageFileReference(text))
    #expect(reference.place.path == path)
    #expect(reference.selector == selector)
  }

  @Test(arguments: [
    ("oci:x:a b", "Invalid image a b"), ("oci-archive:x:@1", "Invalid image @1"),
    ("oci:x:@y", "invalid index @y"),
    ("docker-archive:x:", "invalid reference format"), ("docker-archive:x:@-1", "invalid index @-1"),
    ("docker-archive:x:a@sha256:0", "invalid reference format"), ("dir:", "the path is empty"),
    ("oci::x", "the path is empty"),
  ])
  func refuses(text: String, reason: String) {
    let failure = #expect(throws: Failure.self) { try ImageFileReference(text) }
    #expect(failure?.kind == .usage && failure?.subject == text)
    #expect(failure?.reason == reason)
  }
}
