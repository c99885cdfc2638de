import Diagnostics
import ImageSource
import POSIX

/// A layer whose tar is assembled from tar-split records and files.
public protocol TarSplitLayer: LayerSource {
  /// The layer in messages: `layer` and the start of its ID.
  var label: String { get }

  /// Opens the records.
  func records() throws(Failure) -> TarSplitReader

  /// Opens the directory with the files.
  func files() throws(Failure) -> any LayerFiles
}

extension TarSplitLayer {
  /// Starts to assemble the tar.
  public func assembler() throws(Failure) -> TarSplitAssembler {
    let records = try records()
    return TarSplitAssembler(records, files: try files())
  }

  /// Refuses a layer if this process may not or cannot read every file; opens each file once.
  public func checkRecordedFiles() throws(Failure) {
    do throws(Failure) {
      let records = try records()
      try records.checkReadable(try files())
    } catch {
      if error.kind == .noPermission || error.isSystemFault { throw error }
    }
  }

  /// The damaged files of the layer, else what cannot be reproduced, else only its label.
  public func diagnosis() -> String? {
    do throws(Failure) {
      if let files = try ifAvailable({ () throws(Failure) in try damagedFiles() }), !files.isEmpty {
        return "\(label): damaged \(files.count == 1 ? "file" : "files") \(files.joined(separator: ", "))"
      }
      if try ifAvailable({ () throws(Failure) in try records().holdsSparseFiles() }) == true {
        return "\(label): contains PAX sparse files; the store does not keep their original bytes"
      }
    } catch {
      return "\(label): its files cannot be compared: \(error)"
    }
    return label
  }

  /// The files whose contents differ from the stored ones, as `"name"`, at most ten.
  public func damagedFiles() throws(Failure) -> [String] {
    let records = try records()
    return try records.damagedFiles(try files())
  }
}
