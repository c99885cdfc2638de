import ContainersStorage
import Diagnostics
import Foundation
import ImageSource
import POSIX
import StoreFixtures
import Testing

/// The files of a layer: reads only recorded files, and only inside the layer.
@Suite struct LayerFileTests {
  let layer: LayerFixture

  init() throws {
    layer = try LayerFixture()
    try layer.write(records: segment("head/") + file("d/f") + segment("/tail"))
    try layer.folder.makeDirectory(layer.file("d"))
  }

  private let whole = Array("head/hello\n/tail".utf8)

  private func expectDamage(_ reason: String) {
    let failure = #expect(throws: Failure.self) { try layer.read() }
    #expect(failure?.kind == .badData)
    #expect(failure?.subject == "layer \(layer.id.short)")
    #expect(failure?.reason == "file \"d/f\": \(reason)")
  }

  @Test func theFileIsRead() throws {
    try layer.folder.write("hello\n", to: layer.file("d/f"))
    #expect(try layer.read() == whole)
  }

  @Test func aMissingFileIsNamed() throws {
    expectDamage("No such file or directory")
    try layer.folder.remove(layer.file("d"))
    expectDamage("No such file or directory")
    try layer.folder.write("", to: layer.file("d"))
    expectDamage("Not a directory")
  }

  @Test(arguments: ["", "hello", "hello\n\n"])
  func aFileOfAnotherLengthIsNamed(content: String) throws {
    try layer.folder.write(content, to: layer.file("d/f"))
    expectDamage("size is \(content.utf8.count) bytes, 6 recorded")
  }

  @Test(.timeLimit(.minutes(5)))
  func whatIsNoFileIsNamed() throws {
    try layer.folder.makeDirectory(layer.file("d/f"))
    expectDamage("not a regular file")
    try layer.folder.remove(layer.file("d/f"))
    try layer.folder.makeFIFO(layer.file("d/f"))
    expectDamage("not a regular file")
  }

  @Test func aLinkOutOfTheLayerLeadsNowhere() throws {
    try layer.folder.write("hello\n", to: "outside")
    for target in [layer.folder.at("outside"), "../../../../outside", "/../outside"] {
      try layer.folder.symlink(layer.file("d/f"), to: target)
      expectDamage("No such file or directory")
      try layer.folder.remove(layer.file("d/f"))
    }
    try layer.folder.write("hello\n", to: "elsewhere/f")
    try layer.folder.remove(layer.file("d"))
    try layer.folder.symlink(layer.file("d"), to: layer.folder.at("elsewhere"))
    expectDamage("No such file or directory")
  }

  @Test(arguments: ["/usr/d", "usr/d", "../usr/d", "/usr/../usr/./d"])
  func aLinkInsideTheLayerIsFollowed(target: String) throws {
    try layer.folder.remove(layer.file("d"))
    try layer.folder.write("hello\n", to: layer.file("usr/d/f"))
    try layer.folder.symlink(layer.file("d"), to: target)
    #expect(try layer.read() == whole)
  }

  @Test func theLayerItselfMustBeADirectory() throws {
    try layer.folder.write("hello\n", to: "elsewhere/d/f")
    try layer.folder.remove("overlay/\(layer.id)/diff")
    #expect(throws: Failure.self) { try layer.read() }
    try layer.folder.symlink("overlay/\(layer.id)/diff", to: "../../elsewhere")
    #expect(throws: Failure.self) { try layer.read() }
    try layer.folder.remove("overlay/\(layer.id)")
    let failure = #expect(throws: Failure.self) { try layer.read() }
    #expect(failure?.reason == "the contents of the layer are missing")
  }

  @Test func aLayerRemovedWhileItIsReadIsToldApart() throws {
    try layer.folder.write("hello\n", to: layer.file("d/f"))
    func readAndRemove() throws(Failure) -> Bool? {
      let reader = try StoredLayer(layer.id, in: layer.location).open()
      try? layer.folder.remove("overlay-layers/\(layer.id).tar-split.gz")
      try? layer.folder.remove("overlay/\(layer.id)")
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 1)
      defer { buffer.deallocate() }
      return try reader.next(into: buffer).load?(buffer)
    }
    let failure = #expect(throws: Failure.self) { try readAndRemove() }
    #expect(failure?.kind == .tryAgain)
    #expect(failure?.subject == "layer \(layer.id.short)")
  }
}
