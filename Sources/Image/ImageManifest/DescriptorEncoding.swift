import Digests
import ImageModel
import JSON

extension Descriptor {
  /// Writes the descriptor with the fields and the order of OCI's.
  func writeOCI(to json: inout JSONWriter) {
    json.object { json in
      json.member("mediaType", mediaType.description)
      json.member("digest", digest.description)
      json.key("size")
      json.integer(size)
      json.optionalMember("urls", urls)
      json.optionalMember("annotations", annotations)
      json.optionalMember("data", data)
      if let platform {
        json.key("platform")
        platform.write(to: &json)
      }
      json.optionalMember("artifactType", artifactType)
    }
  }

  /// Writes the descriptor with the fields and the order of Docker's.
  func writeDocker(to json: inout JSONWriter) {
    json.object { json in
      json.member("mediaType", mediaType.description)
      json.key("size")
      json.integer(size)
      json.member("digest", digest.description)
      json.optionalMember("urls", urls)
    }
  }
}

extension DescriptorPlatform {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("architecture", platform.architecture)
      json.member("os", platform.os)
      json.optionalMember("os.version", osVersion)
      json.optionalMember("os.features", osFeatures)
      json.optionalMember("variant", platform.variant)
    }
  }
}

extension JSONWriter {
  mutating func member(_ name: String, _ text: String) {
    key(name)
    string(text)
  }

  /// A string, left out when empty.
  mutating func optionalMember(_ name: String, _ text: String) {
    if !text.isEmpty { member(name, text) }
  }

  /// A list of strings, left out when empty.
  mutating func optionalMember(_ name: String, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    key(name)
    array { json in
      for text in texts { json.string(text) }
    }
  }

  /// Annotations as a map, left out when empty.
  mutating func optionalMember(_ name: String, _ annotations: [Annotation]) {
    guard !annotations.isEmpty else { return }
    key(name)
    object { json in
      for annotation in annotations { json.member(annotation.key, annotation.value) }
    }
  }
}
