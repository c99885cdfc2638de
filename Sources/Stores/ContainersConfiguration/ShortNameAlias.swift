import ImageReference

/// The two sides of a short-name alias, with the rules for each.
///
/// Source: containers/image pkg/sysregistriesv2/shortnames.go.
enum ShortNameAlias {
  /// Why a text is not a valid side of an alias.
  struct Invalid: Error, Equatable {
    let reason: String
  }

  /// Checks the name: a repository without domain, tag and digest.
  static func checkName(_ name: String) throws(Invalid) {
    let reference: ImageReference
    do {
      reference = try ImageReference.parse(name)
    } catch {
      throw Invalid(reason: "cannot parse short name: \"\(name)\": \(error)")
    }
    func invalid(_ reason: String) -> Invalid { Invalid(reason: "invalid short name \"\(name)\": \(reason)") }
    if reference.digest != nil { throw invalid("must not contain digest") }
    if reference.tag != nil { throw invalid("must not contain tag") }
    if reference.hasRegistry { throw invalid("must not contain registry") }
  }

  /// The full repository of a value, which must have a registry, but no tag and no digest.
  static func repository(_ value: String) throws(Invalid) -> String {
    do {
      let reference = try ImageReference.parse(value)
      func invalid(_ reason: String) -> Invalid { Invalid(reason: "invalid alias \"\(value)\": \(reason)") }
      if reference.digest != nil { throw invalid("must not contain digest") }
      if reference.tag != nil { throw invalid("must not contain tag") }
      guard reference.hasRegistry else { throw invalid("must contain registry and repository") }
      return try ImageReference.parseNormalized(value).name
    } catch let error as Invalid {
      throw error
    } catch {
      throw Invalid(reason: "parsing alias \"\(value)\": \(error)")
    }
  }
}
