import ArgumentParser
import CommandSupport
import ContainerStorage
import ImageRecord
import ImageResolution

/// Turns names into records.
struct ResolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "img-resolve", abstract: "Find images in the local store and describe them as JSON records.",
    version: versionText(of: "img-resolve"))

  @OptionGroup var store: StoreOptions

  @Argument(help: ArgumentHelp("Names or IDs of images.", valueName: "image"))
  var images: [String]

  func run() throws {
    let messages = Messages(tool: "img-resolve")
    let snapshot = try StoreSnapshot(
      of: store.location(), onWait: { messages.note("\($0): waiting for the lock") })
    let builder = try RecordBuilder(of: snapshot)
    var lines: [UInt8] = []
    for image in images {
      lines += try builder.record(of: lookUpImage(image, in: snapshot), input: image).line
    }
    try StandardOutput.write(lines)
  }
}
