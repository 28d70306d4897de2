import Foundation
import MsgPay

/// A handset without hardware, for an application's own tests on a build machine: keys and records are files of one
/// folder, and what a real phone does badly can be switched on.
///
/// A second one on the same folder is the same handset after its process died.
public final class DesktopPhone: Sendable {
  /// What to give to `MsgPay.open`.
  public let phone: Phone
  /// What goes wrong; nothing at first.
  public let faults: Faults
  private let keystore: DesktopKeystoreHost

  /// - Throws: `MsgPayError.host` when the folder cannot be used.
  public init(folder: URL) throws {
    let faults = Faults()
    let keystore = try DesktopKeystoreHost(folder: folder.appendingPathComponent("keys"), faults: faults)
    let vault = FaultyVault(vault: try FileVault(folder: folder.appendingPathComponent("vault")), faults: faults)
    self.faults = faults
    self.keystore = keystore
    phone = Phone(keystore: keystore, vault: vault, clock: ShiftedClock(faults: faults))
  }

  /// What stands for the phone's own prompt: a finger is laid on, and the key signs.
  public func layFingerOn(_ confirmation: Confirmation) -> BiometricAnswer {
    guard let signature = try? keystore.sign(name: confirmation.keyName, message: confirmation.message) else {
      return .keyLost
    }
    return .signed(signature)
  }

  /// What a phone does when another finger or face is enrolled: the keys that ask for one are gone.
  ///
  /// - Throws: When a key is still there.
  public func enrolAnotherFinger() throws {
    try keystore.enrolAnotherFinger()
  }
}

extension DesktopPhone: BiometricSigner {
  /// As `layFingerOn`.
  public func sign(_ confirmation: Confirmation) async -> BiometricAnswer {
    layFingerOn(confirmation)
  }
}
