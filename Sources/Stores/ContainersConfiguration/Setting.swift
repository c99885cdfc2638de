import POSIX

/// A value of the configuration with its origin.
public struct Setting<Value> {
  /// The value.
  public let value: Value
  /// The origin of the value.
  public let origin: SettingOrigin

  /// Pairs a value with its origin.
  public init(_ value: Value, from origin: SettingOrigin) {
    self.value = value
    self.origin = origin
  }
}

extension Setting: Sendable where Value: Sendable {}
extension Setting: Equatable where Value: Equatable {}

/// The origin of a value of the configuration.
public enum SettingOrigin: Equatable, Sendable {
  /// A command line option, with its hyphens.
  case option(String)
  /// An environment variable.
  case environment(String)
  /// A configuration file.
  case file(Path)
  /// The store part of a `containers-storage:` reference.
  case specification
  /// The defaults of the original programs.
  case builtIn
}

extension SettingOrigin: CustomStringConvertible {
  /// The origin for messages: `--root`, `$STORAGE_OPTS`, a file name, `default`.
  public var description: String {
    switch self {
    case .option(let name): name
    case .environment(let name): "$\(name)"
    case .file(let path): path.description
    case .specification: "store specification"
    case .builtIn: "default"
    }
  }
}
