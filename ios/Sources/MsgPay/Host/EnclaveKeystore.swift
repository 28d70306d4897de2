import Foundation
import MsgPayFFI

/// Keys of the Secure Enclave: P-256, never readable, on this device only.
///
/// A key under `.biometric` asks for a live finger or face at each signature and is gone once another one is enrolled.
/// The enclave knows one suite, the international one; a key of another is refused, as the library asks for.
public final class EnclaveKeystore: KeystoreHost {
  private let keys: any SecureKeys

  /// Over a phone's hardware; on a phone, `EnclaveKeystore()`.
  public init(_ keys: any SecureKeys) {
    self.keys = keys
  }

  public func makeKey(name: String, suite: Suite, `guard`: KeyGuard) throws -> Data {
    guard suite == .international else { throw HostFailure.Failed }
    try forgetKey(name: name)
    return try told { () throws(KeyRefusal) in try keys.makeKey(keyTag(name), under: `guard`) }
  }

  public func sign(name: String, message: Data) throws -> Data {
    let der = try told { () throws(KeyRefusal) in try keys.sign(message, by: keyTag(name)) }
    guard let fixed = fixedSignature(fromDER: der) else { throw HostFailure.Failed }
    return fixed
  }

  public func forgetKey(name: String) throws {
    try told { () throws(KeyRefusal) in try keys.forgetKey(keyTag(name)) }
  }

  /// The library knows one failure of a keystore; the system's text goes nowhere.
  private func told<Value>(_ body: () throws(KeyRefusal) -> Value) throws(HostFailure) -> Value {
    do { return try body() } catch { throw .Failed }
  }
}

/// Under which a key lies in the Keychain.
func keyTag(_ name: String) -> Data {
  Data("io.msgpay.key.\(name)".utf8)
}
