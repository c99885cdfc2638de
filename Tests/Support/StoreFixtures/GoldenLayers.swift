extension GoldenStore {
  /// Members with every oddity that containers-storage preserves.
  static var oddMembers: LayerTar {
    var tar = TarBuilder()
    var global = TarMember("pax_global_header", .globalHeader([PAXRecord("comment", Array("odd".utf8))]))
    global.mode = 0
    tar.add(global)
    tar.directory("./")
    tar.directory("./d/")
    tar.file("./d/empty", "")
    tar.file("d/exact", deterministicBytes(512, seed: 3))
    tar.file("d/513", deterministicBytes(513, seed: 4), mode: 0o4755)
    tar.hardLink("d/hard", to: "./d/exact")
    tar.symlink("link", to: "d")
    tar.file("link/through", "through a link\n")
    tar.symlink("dangling", to: "/nowhere/<&>")
    tar.file("d/<&>\"\\ \u{2028}é\n", "controls\n")
    tar.file("d/e\u{301}", "decomposed\n")
    tar.file("d/\u{e9}", "composed\n")
    tar.add(TarMember(Array("d/latin-".utf8) + [0xE9, 0xFF], .file(Array("not UTF-8\n".utf8))))
    tar.add(TarMember("dev/null", .characterDevice(major: 1, minor: 3)))
    tar.add(TarMember("d/fifo", .fifo))
    var secret = TarMember("d/private", .file(Array("mode 0, far owner, old\n".utf8)))
    secret.mode = 0
    secret.uid = 3_000_000
    secret.gid = 65534
    secret.mtime = -1
    secret.owner = ("", "")
    tar.add(secret)
    addLongNames(to: &tar)
    return tar.finish()
  }

  private static func addLongNames(to tar: inout TarBuilder) {
    let folder = "long/" + String(repeating: "x", count: 60) + "/"
    for (style, length) in [(TarMember.LongNames.gnu, 130), (.pax, 200), (.ustar, 90)] {
      let name = folder + String(repeating: "\(style)-", count: 40).prefix(length)
      var member = TarMember(name, .file(Array("\(style)\n".utf8)))
      member.longNames = style
      tar.add(member)
      var link = TarMember(name + ".link", .symlink(Array(name.utf8)))
      link.longNames = style == .ustar ? .gnu : style
      tar.add(link)
    }
    var extended = TarMember("d/records", .file(Array("pax\n".utf8)))
    extended.paxRecords = [
      PAXRecord("mtime", Array("1700000000.123456789".utf8)),
      PAXRecord("SCHILY.xattr.user.note", [0x00, 0xFF, 0x0A]),
    ]
    tar.add(extended)
  }

  /// Markers that remove parts of ``oddMembers``.
  static var whiteouts: LayerTar {
    var tar = TarBuilder()
    tar.whiteout("d/exact")
    tar.directory("long/")
    tar.opaque("long")
    tar.file("long/new", "new\n")
    return tar.finish()
  }

  /// Layers that end early, late, or with extra bytes; one of two zero blocks, one of no bytes at all.
  static var abruptEnds: [LayerTar] {
    var tar = TarBuilder()
    tar.file("odd-length", deterministicBytes(700, seed: 5))
    var oneBlock = TarBuilder.End()
    oneBlock.zeroBlocks = 1
    var blocked = TarBuilder.End()
    blocked.zeroBlocks = 18
    blocked.trailer = deterministicBytes(777, seed: 6)
    return [.abrupt, oneBlock, blocked].map { tar.finish($0) } + [
      TarBuilder().finish(), TarBuilder().finish(.abrupt),
    ]
  }
}
