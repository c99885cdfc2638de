import ArgumentParser
import CommandSupport
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
    let resolver = try store.resolver(Messages(tool: "img-resolve"))
    var lines: [UInt8] = []
    for image in images { lines += try resolver.record(for: image).line }
    try StandardOutput.write(lines)
  }
}
