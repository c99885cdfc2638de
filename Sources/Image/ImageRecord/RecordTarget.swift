import Diagnostics
import ImageModel
import JSON

extension RecordMember {
  /// The member `target`: the index or manifest that the name of an image stands for, in its registry.
  public init(target: BlobDescriptor) throws(Failure) {
    do {
      try self.init("target") { json in
        json.object { json in json.descriptor(target) }
      }
    } catch {
      throw Failure(.badData, "target", "\(error)")
    }
  }
}
