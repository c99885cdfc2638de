import CommandLine
import Diagnostics
import ImageModel
import ImageSource

/// The options for the platforms of images; the same in img-resolve and img-save.
struct PlatformOptions: OptionGroup {
  private var texts: [String] = []
  private var all = false

  /// The options, in the order of the help.
  static var options: [Option<PlatformOptions>] {
    [
      .text(
        "platform", value: "OS/ARCH[/VARIANT]",
        "Platform to pick from a multi-platform image; repeatable, for a list of them. (default: this machine's)",
        repeats: true
      ) {
        $0.texts.append($1)
      },
      .flag("all-platforms", "Take all platforms of a multi-platform image that are there.") { $0.all = true },
    ]
  }

  /// The platforms that were asked for, each once.
  func requested() throws(Failure) -> [Platform] {
    var platforms: [Platform] = []
    for text in texts {
      let platform: Platform
      do { platform = try Platform(parsing: text) } catch { throw error.within("--platform") }
      if !platforms.contains(platform) { platforms.append(platform) }
    }
    return platforms
  }

  /// The choice of the options: one image of each name, or lists.
  func choice() throws(Failure) -> PlatformChoice {
    let requested = try requested()
    guard all || requested.count > 1 else { return PlatformChoice(PlatformRequest(requested.first)) }
    return PlatformChoice(lists: requested.map { PlatformRequest($0) }, isAll: all, host: PlatformRequest(nil))
  }

  /// The option that asks for lists, as typed; nil if none does.
  func listOption() throws(Failure) -> String? {
    all ? "--all-platforms" : try requested().count > 1 ? "--platform" : nil
  }

  /// The first option that is set, as typed.
  var firstGiven: String? { texts.isEmpty ? all ? "--all-platforms" : nil : "--platform" }
}
