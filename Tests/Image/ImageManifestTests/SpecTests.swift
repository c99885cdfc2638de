import JSON
import Testing

@testable import GoJSON
@testable import ImageManifest

/// Each property of a spec must be one of its fields: any other is neither read nor written.
@Suite struct SpecTests {
  private static let specs: [any GoStruct.Type] = [
    OCISpec.Manifest.self, OCISpec.Index.self, OCISpec.Descriptor.self, OCISpec.Platform.self,
    OCISpec.Image.self, OCISpec.ImageConfig.self, OCISpec.RootFS.self, OCISpec.History.self,
    DockerSpec.Manifest.self, DockerSpec.Descriptor.self, DockerSpec.ManifestList.self,
    DockerSpec.ManifestDescriptor.self, DockerSpec.Platform.self, DockerSpec.V1Image.self,
    DockerSpec.Config.self, DockerSpec.Healthcheck.self, DockerSpec.RootFS.self, DockerSpec.History.self,
    Schema1Spec.Manifest.self, Schema1Spec.FSLayer.self, Schema1Spec.History.self,
    Schema1Spec.V1Compatibility.self, Schema1Spec.ContainerConfig.self,
  ]

  @Test func everyPropertyIsAField() {
    for spec in Self.specs { check(spec) }
  }

  private func check<Spec: GoStruct>(_ spec: Spec.Type) {
    let properties = Mirror(reflecting: Spec()).children.count
    #expect(properties > 0)
    #expect(Spec.fields.list.count == properties, "\(spec)")
    #expect(Set(Spec.fields.list.map { $0.path as AnyKeyPath }).count == properties, "\(spec)")
    #expect(Set(Spec.fields.list.map { foldedName(Array($0.name.utf8)) }).count == properties, "\(spec)")
  }
}
