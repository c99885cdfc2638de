import ImageReference

/// The result of a function of the module: a reference or the text of an error.
struct Outcome: Equatable {
  var string: Exact?
  var error: Exact?

  init(_ make: () throws -> ImageReference) {
    do {
      string = try Exact(make().description)
    } catch {
      self.error = Exact("\(error)")
    }
  }
}

extension Outcome: Decodable {}

/// A reference, part by part, or the text of an error.
struct Parts: Equatable {
  var domain: Exact?
  var path: Exact?
  var name: Exact?
  var tag: Exact?
  var digest: Exact?
  var string: Exact?
  var error: Exact?

  init(_ make: () throws -> ImageReference) {
    do {
      let reference = try make()
      domain = Exact(reference.domain)
      path = Exact(reference.path)
      name = Exact(reference.name)
      tag = exact(reference.tag)
      digest = exact(reference.digest)
      string = Exact(reference.description)
    } catch {
      self.error = Exact("\(error)")
    }
  }
}

extension Parts: Decodable {}
