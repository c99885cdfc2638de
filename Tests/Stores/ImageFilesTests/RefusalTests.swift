import Diagnostics
import ImageRecord
import Testing

@testable import ImageFiles

/// What is no image, or damaged, is refused with the reason.
@Suite(.timeLimit(.minutes(10))) struct RefusalTests {
  @Test(arguments: [
    ("docker-archive:cfgwrong.tar", Failure.Kind.badData, "data does not match the name"),
    ("docker-archive:digtag.tar", .badData, "is not a name with a tag"),
    ("docker-archive:empty.tar", .badData, "the archive is empty"),
    ("docker-archive:trunc.tar", .badData, "unexpected end"),
    ("docker-archive:nomanifest.tar", .badData, "no manifest.json: not an archive of images"),
    ("docker-archive:v1only.tar", .badData, "an archive of Docker before 1.10"),
    ("docker-archive:plain.tar.xz", .unavailable, "compressed with xz, not supported"),
    ("docker-archive:plain.tar.lz4", .badData, "not a tar archive"),
    ("docker-archive:o-one.tar", .badData, "no manifest.json; it has index.json: use oci-archive:"),
    ("oci-archive:plain.tar", .badData, "no index.json; it has manifest.json: use docker-archive:"),
    ("oci:d1", .badData, "no index.json; it has manifest.json: use dir:"),
    ("dir:o-one", .badData, "no manifest.json; it has index.json: use oci:"),
    ("oci:o-one.tar", .badData, "not a directory"),
    ("oci-archive:o-one", .badData, "a directory; use oci: or dir:"),
    ("oci-archive:beyond/sparse-app-oci.tar", .badData, "does not have it"),
    ("docker-archive:beyond/sparse-app-mixed.tar", .badData, "does not have it"),
    ("oci:missing", .notFound, "no such directory"),
    ("oci-archive:missing", .notFound, "No such file or directory"),
    ("docker-archive:d1/version", .badData, "not a tar archive"),
    ("oci:o-artifact", .badData, "not a container image"),
    ("oci:o-multi", .usage, "more than one image"), ("docker-archive:amb.tar", .usage, "more than one image"),
    ("oci:o-one:v2", .notFound, "there is no such image in it (it has v1)"),
    ("oci:o-one:@1", .notFound, "there is no image @1"),
    ("docker-archive:plain.tar:acme/ap:1", .notFound, "did you mean acme/app:1?"),
    ("docker-archive:plain.tar:@1", .notFound, "there is no image @1"),
    ("oci-archive:saved/s28c.tar:1", .usage, "2 images have the tag 1"),
  ])
  func refuses(reference: String, kind: Failure.Kind, reason: String) throws {
    let text = try Archives.text(reference)
    let failure = #expect(throws: Failure.self) { try Archives.record(text) }
    #expect(failure?.kind == kind)
    #expect(failure?.description.contains(reason) == true, "\(failure?.description ?? "")")
  }

  @Test func severalImagesAreListed() throws {
    let text = try Archives.text("docker-archive:saved/s20.tar")
    let failure = #expect(throws: Failure.self) { try Archives.record(text) }
    #expect(
      failure?.reason
        == "more than one image (choose \(text):docker.io/acme/app:1, \(text):docker.io/acme/app:2, "
        + "\(text):docker.io/library/dup:1, \(text):@3, or --all)")
  }

  @Test func dataAfterTheEndIsNoted() throws {
    var notes: [String] = []
    _ = try Archives.catalog(Archives.text("docker-archive:tail.tar")) { notes.append($0) }
    #expect(notes.count == 1 && notes[0].hasSuffix("data after the end of the archive is ignored"))
    _ = try Archives.catalog(Archives.text("docker-archive:saved/s20.tar")) { notes.append($0) }
    #expect(notes.count == 1)
  }
}
