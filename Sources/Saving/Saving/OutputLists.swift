import ImageFormats
import ImageManifest
import ImageModel
import ImageRecord
import ImageSource

extension SaveSelection {
  /// The place of each record in a list; nil for an image alone.
  ///
  /// `host` gives the platforms of the image that stands for its list, best first.
  func places(host: () -> [Platform]) -> [OutputList?] {
    var places: [OutputList?] = []
    for (number, range) in lists.enumerated() {
      let indexes = records[range].map(\.index)
      guard let source = indexes[0]?.list else {
        places.append(nil)
        continue
      }
      let platforms = zip(records[range], indexes).map { record, index in
        index?.platform ?? index?.entry?.platform?.platform
          ?? ConfigFacts(config: record.config?.bytes ?? []).platform
      }
      let choice = bestPosition(among: platforms.map { ($0, false) }, for: host()) ?? 0
      for (position, index) in indexes.enumerated() {
        places.append(
          index.map {
            OutputList(
              number: number, source: source, instance: $0.instance, platform: $0.platform,
              isFirstChoice: position == choice)
          })
      }
    }
    return places
  }
}
