/// The number of insertions, omissions, replacements and swaps of neighbours that turn one text into the other;
/// nil if it exceeds `limit`.
///
/// The restricted Damerau-Levenshtein distance, over bytes.
public func editDistance(_ first: String, _ second: String, limit: Int) -> Int? {
  let first = Array(first.utf8)
  let second = Array(second.utf8)
  guard abs(first.count - second.count) <= limit else { return nil }
  var before: [Int] = []
  var previous = Array(0...second.count)
  for row in 0..<first.count {
    var current = [Int](repeating: row + 1, count: second.count + 1)
    for column in 0..<second.count {
      let isSame = first[row] == second[column]
      var best = min(previous[column] + (isSame ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
        best = min(best, before[column - 1] + 1)
      }
      current[column + 1] = best
    }
    if let least = current.min(), least > limit { return nil }
    (before, previous) = (previous, current)
  }
  guard let distance = previous.last, distance <= limit else { return nil }
  return distance
}

/// The candidate nearest to a word, at most a third of its letters (but at least one) away; nil if there is
/// none.
public func nearest(to word: String, among words: [String]) -> String? {
  let limit = max(1, word.utf8.count / 3)
  var result: (word: String, distance: Int)?
  for candidate in words {
    guard let distance = editDistance(word.lowercased(), candidate, limit: limit) else { continue }
    if result.map({ distance < $0.distance }) ?? true { result = (candidate, distance) }
  }
  return result?.word
}
