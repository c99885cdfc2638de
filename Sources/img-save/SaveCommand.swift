import ArgumentParser
import CommandSupport
import ImageRecord
import ImageResolution
import ImageSaving

/// Turns names into an archive: the other three tools in one process.
struct SaveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "img-save", abstract: "Save images of the local store into an archive or a directory.",
    version: versionText(of: "img-save"))

  @OptionGroup var output: OutputOptions
  @OptionGroup var store: StoreOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("A further name for the image; repeatable.", valueName: "NAME"))
  var tag: [String] = []

  @Flag(name: .shortAndLong, help: "Accepted for podman's sake: every argument is an image anyway.")
  var multiImageArchive = false

  @Argument(help: ArgumentHelp("Names or IDs of images.", valueName: "image"))
  var images: [String]

  func run() throws {
    let options = try output.saveOptions()
    let tags = try tag.map { try AdditionalTag($0) }
    let resolver = try store.resolver(Messages(tool: "img-save"))
    let records = try images.map { try resolver.record(for: $0).converted(to: options.format.family) }
    try save(SaveSelection(records, format: options.format, additionalTags: tags), options)
  }
}
