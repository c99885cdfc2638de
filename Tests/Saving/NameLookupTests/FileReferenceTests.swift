import Testing

@testable import NameLookup

/// Texts of archives and directories are not looked up in the store, unless podman finds an image by them.
@Suite struct FileReferenceTests {
  @Test(arguments: [
    ("busybox", FileReferenceKind.name), ("docker-daemon:x:1", .name), ("docker:x", .name), ("sif:x", .name),
    // Podman refuses these texts.
    ("docker-archive:x", .reference), ("docker-archive:x:acme/app:1", .reference), ("oci:/tmp", .reference),
    ("oci-archive:/tmp/x:v1", .reference), ("dir:/tmp", .reference),
    // Podman looks for these names, and refuses them.
    ("dir:/no/such", .reference), ("oci-archive:/tmp:a b", .reference), ("oci:/no/such:x", .reference),
    ("docker-archive:", .reference),
  ])
  func kinds(text: String, kind: FileReferenceKind) {
    #expect(FileReferenceKind(text, files: .fixture) == kind)
  }

  /// A dangling link is no path to podman, so the text is the name of an image.
  @Test func danglingLinks() {
    var files = FileProbe.fixture
    files.presence = { _ in .present }
    files.resolves = { _ in false }
    #expect(FileReferenceKind("oci:x", files: files) == .nameOrReference)
    #expect(FileReferenceKind("dir:latest", files: files) == .nameOrReference)
    #expect(FileReferenceKind("docker-archive:x", files: files) == .reference)
  }
}
