import Diagnostics
import Digests
import ImageFormats
import ImageModel
import ImageRecord
import JSON
import Outputs
import POSIX

extension SavePlan {
  /// The plan as one line of JSON, including the line feed.
  public var line: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("schema")
      json.string("img-plan/1")
      json.key("format")
      json.string(job.format.name)
      json.key("path")
      json.string(job.target.path.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "-")
      json.key("size")
      json.integerOrNull(output.size)
      json.key("temporary")
      json.integerOrNull(output.temporarySize)
      json.key("free")
      json.integerOrNull(free)
      json.key("images")
      json.array { json in
        for (record, omission) in zip(selection.records, output.omissions) {
          json.object { json in json.image(record, omission) }
        }
      }
      json.lists(output.lists, written: output.lists.map { _ in nil })
      if output.absentLayers > 0 {
        json.key("saved")
        json.integerOrNull(output.saved)
      }
      json.key("members")
      json.array { json in
        for member in output.members { json.object { json in json.member(member) } }
      }
      json.key("notes")
      json.strings(output.notes)
      json.key("refused")
      json.array { json in
        for refusal in refusals { json.object { json in json.refusal(refusal) } }
      }
    }
    return json.bytes + [0x0A]
  }
}

extension JSONWriter {
  fileprivate mutating func integerOrNull(_ value: UInt64?) {
    if let value { integer(value) } else { null() }
  }

  fileprivate mutating func image(_ record: ImageRecord, _ omission: Omission) {
    key("id")
    string(record.id)
    key("tags")
    strings(record.tags)
    key("layers")
    array { json in
      for (layer, isAbsent) in zip(record.layers, omission.layers) {
        json.object { json in
          json.key("digest")
          json.string(layer.layer.diffID.description)
          json.key("size")
          json.integerOrNull(layer.layer.size)
          if isAbsent {
            json.key("absent")
            json.boolean(true)
          }
        }
      }
    }
    if let chain = omission.chain {
      key("needs")
      string(chain.description)
    }
  }

  fileprivate mutating func member(_ member: PlannedMember) {
    key("name")
    if let name = member.name { string(name) } else { null() }
    key("size")
    integerOrNull(member.size)
    if let layer = member.layer {
      key("layer")
      string(layer.description)
    }
    if let link = member.link {
      key("link")
      string(link)
    }
  }

  fileprivate mutating func refusal(_ refusal: Failure) {
    key("status")
    integer(refusal.kind.rawValue)
    key("message")
    string("\(refusal)")
  }
}
