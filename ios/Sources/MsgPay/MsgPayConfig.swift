import Foundation
import MsgPayFFI

/// The institutions that an application trusts: the text of one file, and the files that it names.
public struct MsgPayConfig: Sendable {
  /// JSON.
  public let text: String
  /// The bytes of each file that the text names as `ca_cert`, by that name.
  public let files: [String: Data]

  public init(text: String, files: [String: Data]) {
    self.text = text
    self.files = files
  }

  /// `name.json` of a bundle, with the certificates (`.pem`) that lie beside it.
  ///
  /// - Throws: `.config(.shape)` when there is no such file or it is not text.
  public static func bundled(_ name: String, in bundle: Bundle = .main) throws(MsgPayError) -> Self {
    guard let file = bundle.url(forResource: name, withExtension: "json") else { throw .config(.shape) }
    return try .file(file)
  }

  /// A file, with the certificates (`.pem`) that lie beside it.
  ///
  /// - Throws: `.config(.shape)` when the file cannot be read or is not text.
  public static func file(_ file: URL) throws(MsgPayError) -> Self {
    do {
      let beside = try FileManager.default.contentsOfDirectory(
        at: file.deletingLastPathComponent(), includingPropertiesForKeys: nil)
      var files: [String: Data] = [:]
      for certificate in beside where certificate.pathExtension == "pem" {
        files[certificate.lastPathComponent] = try Data(contentsOf: certificate)
      }
      return Self(text: try String(contentsOf: file, encoding: .utf8), files: files)
    } catch {
      throw .config(.shape)
    }
  }

  package func read() throws -> NativeConfig {
    try NativeConfig.read(text: text, files: files)
  }
}
