import Diagnostics
import Digests
import GoJSON
import ImageModel

extension Descriptor {
  /// Reads a descriptor of a decoded OCI manifest; `place` names it in errors.
  init(_ spec: OCISpec.Descriptor, place: String) throws(Failure) {
    try self.init(mediaType: spec.mediaType, digest: spec.digest, size: spec.size, place: place)
    urls = spec.urls ?? []
    annotations = (spec.annotations ?? [:]).sortedByKey.map { entry in
      Annotation(key: String(decoding: entry.key, as: UTF8.self), value: entry.value)
    }
    hasEmptyAnnotations = spec.annotations?.isEmpty ?? false
    data = spec.data.base64
    platform = spec.platform.map { DescriptorPlatform($0) }
    artifactType = spec.artifactType
  }

  /// Reads a descriptor of a decoded Docker manifest; `place` names it in errors.
  init(_ spec: DockerSpec.Descriptor, place: String) throws(Failure) {
    try self.init(mediaType: spec.mediaType, digest: spec.digest, size: spec.size, place: place)
    urls = spec.urls ?? []
  }

  /// Reads a descriptor of a decoded Docker manifest list; `place` names it in errors.
  init(_ spec: DockerSpec.ManifestDescriptor, place: String) throws(Failure) {
    try self.init(mediaType: spec.mediaType, digest: spec.digest, size: spec.size, place: place)
    urls = spec.urls ?? []
    platform = DescriptorPlatform(
      platform: Platform(
        os: spec.platform.os, architecture: spec.platform.architecture, variant: spec.platform.variant),
      osVersion: spec.platform.osVersion, osFeatures: spec.platform.osFeatures ?? [])
  }

  private init(mediaType: String, digest: DigestText, size: Int64, place: String) throws(Failure) {
    guard let known = Digest(digest.value) else {
      throw .badData("invalid digest \(goQuoted(digest.value)) of \(place)")
    }
    guard let length = UInt64(exactly: size) else { throw .badData("invalid size \(size) of \(place)") }
    self.init(mediaType: MediaType(mediaType), digest: known, size: length)
  }
}

extension OCISpec.Descriptor {
  /// The descriptor as written in OCI manifests.
  init(_ descriptor: Descriptor) {
    mediaType = descriptor.mediaType.description
    digest = DigestText(value: descriptor.digest.description)
    size = Int64(clamping: descriptor.size)
    urls = descriptor.urls
    annotations = Dictionary(
      descriptor.annotations.map { (Array($0.key.utf8), $0.value) }, uniquingKeysWith: { $1 })
    data = GoBytes(base64: descriptor.data)
    platform = descriptor.platform.map { OCISpec.Platform($0) }
    artifactType = descriptor.artifactType
  }
}

extension DockerSpec.Descriptor {
  /// The descriptor as written in Docker manifests, which have no members for its other properties.
  init(_ descriptor: Descriptor) {
    mediaType = descriptor.mediaType.description
    digest = DigestText(value: descriptor.digest.description)
    size = Int64(clamping: descriptor.size)
    urls = descriptor.urls
  }
}

extension DescriptorPlatform {
  fileprivate init(_ spec: OCISpec.Platform) {
    platform = Platform(spec)
    osVersion = spec.osVersion
    osFeatures = spec.osFeatures ?? []
  }
}

extension Platform {
  /// The parts of a descriptor's platform by which images are chosen.
  init(_ spec: OCISpec.Platform) {
    self.init(os: spec.os, architecture: spec.architecture, variant: spec.variant)
  }
}

extension OCISpec.Platform {
  fileprivate init(_ platform: DescriptorPlatform) {
    os = platform.platform.os
    architecture = platform.platform.architecture
    variant = platform.platform.variant
    osVersion = platform.osVersion
    osFeatures = platform.osFeatures
  }
}
