import ImageModel
import JSON
import Testing

@testable import ImageManifest

@Suite struct GuessedMediaTypeTests {
  @Test(arguments: [
    (#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json"}"#, MediaType.ociIndex),
    (#"{"schemaVersion":2,"manifests":[{}]}"#, .ociIndex),
    (#"{"SchemaVersion":2,"Manifests":[{}]}"#, .ociIndex),
    (#"{"schemaVersion":2,"manifests":[]}"#, .ociManifest),
    (#"{"schemaVersion":2,"manifests":[7]}"#, nil),
    (#"{"schemaVersion":2,"manifests":[{}],"config":{"mediaType":"x/y"}}"#, MediaType("x/y")),
    (
      #"{"schemaVersion":2,"config":{"mediaType":"application/vnd.docker.container.image.v1+json"}}"#,
      .dockerManifest
    ),
    (#"{"schemaVersion":1}"#, .dockerSchema1), (#"{"schemaVersion":1,"signatures":[]}"#, .dockerSchema1Signed),
    (#"{"schemaVersion":3}"#, nil), (#"{"schemaVersion":"2"}"#, nil), (#"{"mediaType":5}"#, nil), ("[]", nil),
    ("{}", nil),
  ])
  func guessesMediaTypes(_ text: String, _ expected: MediaType?) throws {
    #expect(guessedMediaType(of: try JSONValue(parsing: Array(text.utf8))) == expected)
  }

  /// Texts on which two earlier implementations here disagreed, with each other or with containers/image.
  @Test(
    arguments: [
      (#"{"schemaVersion":2,"config":"x","manifests":[{}]}"#, nil),
      (#"{"schemaVersion":2,"manifests":[{"size":"1"}]}"#, nil),
      (#"{"schemaVersion":2,"manifests":[{"digest":1}]}"#, nil),
      (#"{"schemaVersion":2,"manifests":[{"platform":"linux/amd64"}]}"#, nil),
      (#"{"schemaVersion":2,"manifests":[{"data":"%"}]}"#, nil),
      (#"{"schemaVersion":2,"manifests":[null]}"#, .ociIndex),
      (#"{"schemaVersion":2,"manifests":{}}"#, nil),
      (#"{"schemaVersion":2,"config":{"mediaType":"\#(MediaType.ociConfig)"},"manifests":7}"#, .ociManifest),
      (
        #"{"schemaVersion":2,"config":{"mediaType":"\#(MediaType.dockerConfig)"},"manifests":[7]}"#,
        .dockerManifest
      ),
      (#"{"schemaVersion":2,"config":{"mediaType":"\#(MediaType.ociIndex)"},"manifests":[{}]}"#, .ociIndex),
      (#"{"mediaType":"\#(MediaType.ociManifest)","MediaType":"\#(MediaType.ociIndex)"}"#, .ociIndex),
      (#"{"mediaType":"\#(MediaType.ociManifest)","MediaType":null}"#, .ociManifest),
      (#"{"\u017fchemaVer\u017fion":1}"#, .dockerSchema1),
      (#"{"schemaVersion":2.0}"#, nil), ("null", nil),
    ] as [(String, MediaType?)])
  func guessesAsContainersImageDoes(_ text: String, _ expected: MediaType?) throws {
    #expect(guessedMediaType(of: try JSONValue(parsing: Array(text.utf8), rules: .lenient)) == expected)
  }

  @Test(arguments: [
    (nil, MediaType.dockerSchema1Signed), (MediaType("application/json"), .dockerSchema1Signed),
    (MediaType("text/plain"), .dockerSchema1Signed), (.dockerSchema1, .dockerSchema1),
    (.dockerSchema1Signed, .dockerSchema1Signed), (.ociIndex, .ociIndex), (.ociManifest, .ociManifest),
    (.dockerManifest, .dockerManifest), (.dockerManifestList, .dockerManifestList),
  ])
  func normalizesMediaTypes(given: MediaType?, expected: MediaType) {
    #expect(MediaType.normalized(given) == expected)
  }
}
