import Diagnostics
import ImageReference

/// A complete name that the input may mean.
struct Candidate {
  let name: ImageReference
  let match: Match
}

extension Lookup {
  /// The complete names that a name may mean, in the order to try them.
  ///
  /// If they cannot be built, the image is not known; a note gives the reason.
  /// Source: libimage runtime.go; containers/image pkg/shortnames, ResolveLocally.
  func candidates(for name: String) throws(Failure) -> [Candidate] {
    do {
      var result: [Candidate] = []
      if ImageReference.isShortName(name) {
        if let alias = try alias(of: name) { result.append(Candidate(name: alias, match: .alias)) }
        result.append(Candidate(name: try complete("localhost/" + name), match: .localhost))
        for registry in try options.shortNames.searchRegistries {
          result.append(Candidate(name: try complete(registry + "/" + name), match: .searchRegistry))
        }
        // For qualified names libimage also tries the same name again; omitted here.
        if let docker = try? ImageReference.parseDockerReference(name) {
          result.append(Candidate(name: docker, match: .dockerHub))
        }
      } else {
        result.append(Candidate(name: try complete(name), match: .name))
      }
      return result
    } catch {
      options.note(.noCandidates(error))
      throw unknown(name)
    }
  }

  /// The alias of a short name, with the tag or digest of that name.
  private func alias(of name: String) throws(Failure) -> ImageReference? {
    guard let short = try? ImageReference.parse(name),
      let value = try options.shortNames.alias(for: short.name)
    else { return nil }
    do {
      var alias = try ImageReference.parseNormalized(value)
      if let tag = short.tag { alias = try alias.withTag(tag) }
      if let digest = short.digest { alias = try alias.withDigest(digest) }
      return alias.taggedWithLatest
    } catch {
      throw Failure(.badData, "alias of \(short.name)", error.description)
    }
  }

  private func complete(_ text: String) throws(Failure) -> ImageReference {
    do {
      return try ImageReference.parseNormalized(text).taggedWithLatest
    } catch {
      throw Failure(.usage, text, error.description)
    }
  }
}
