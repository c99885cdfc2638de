import POSIX

/// A value of the configuration together with where it came from.
public struct Setting<Value> {
  /// The value.
  public let value: Value
  /// Where the value came from.
  public let origin: SettingOrigin

  /// Pairs a value with its origin.
  public init(_ value: Value, from origin: SettingOrigin) {
    self.value = value
    self.origin = origin
  }
}

extension Setting: Sendable where Value: Sendable {}
extension Setting: Equatable where Value: Equatable {}

/// Where a value of the configuration came from.
public enum SettingOrigin: Equatable, Sendable {
  /// An option of the command line, with its hyphens.
  case option(String)
  /// A variable of the environment.
  case environment(String)
  /// A configuration file.
  case file(Path)
  /// The store part of a `containers-storage:` reference.
  case specification
  /// The defaults of the original programs.
  case builtIn
}

extension SettingOrigin: CustomStringConvertible {
  /// The origin for a message: `--root`, `$STORAGE_OPTS`, a file name, `default`.
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
