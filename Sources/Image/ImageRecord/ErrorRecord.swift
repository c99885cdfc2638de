import Diagnostics
import JSON

/// The output in place of a record if an image could not be described and the tool went on.
///
/// A tool that reads it fails, so no image is missing silently.
public struct ErrorRecord: Sendable {
  private let input: String
  private let failure: Failure

  /// The error for an input of the user.
  public init(input: String, _ failure: Failure) {
    self.input = input
    self.failure = failure
  }

  /// The error as one line of JSON, line feed included.
  public var line: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("schema")
      json.string(ImageRecord.schema)
      json.key("input")
      json.string(input)
      json.key("error")
      json.object { json in
        json.key("code")
        json.string(failure.kind.code)
        json.key("message")
        // The member `input` already names this subject.
        json.string(failure.subject == input ? failure.reason : failure.description)
      }
    }
    return json.bytes + [0x0A]
  }
}

extension Failure.Kind {
  /// A stable name of the class, for programs.
  fileprivate var code: String {
    switch self {
    case .other: "failed"
    case .usage: "invalid-name"
    case .badData: "bad-data"
    case .notFound: "image-not-known"
    case .unavailable: "store-not-usable"
    case .internalError: "internal"
    case .cannotCreate: "cannot-create"
    case .inputOutput: "input-output"
    case .tryAgain: "try-again"
    case .noPermission: "no-permission"
    }
  }
}
