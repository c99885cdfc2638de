/// A store with one image of 25 layers, for lists that are too long for people.
public enum ManyLayers {
  /// The name of the image.
  public static let name = "localhost/many:25"

  /// Builds the store in a directory.
  public static func build(at root: String, driver: StoreBuilder.Driver = .overlay) throws {
    var store = try StoreBuilder(root: root, driver: driver)
    let layers = (1...25).map { number in
      var tar = TarBuilder()
      tar.file("data/\(number)", deterministicBytes(number * 20_000, seed: UInt64(number)))
      return tar.finish()
    }
    try store.addImage(name, layers: layers)
    try store.write()
  }
}
