import Foundation
import MsgPayFFI

/// A session that a biometric signature goes on with.
protocol TakesConfirmation {
  func confirmed(_ signature: Data) throws
  func byPassword() throws
  func biometricLost() throws
}

/// The phone's own prompt is to release one key for one message. To turn back, cancel the session.
public struct BiometricStep: Sendable {
  /// The key's name and the exact bytes to sign; `orPassword` tells whether the payer may type instead.
  public let confirmation: Confirmation
  private let confirm: @Sendable (Data) throws -> Void
  private let instead: @Sendable () throws -> Void
  private let lose: @Sendable () throws -> Void

  init<Session: Driven & TakesConfirmation>(_ confirmation: Confirmation, of drive: Drive<Session>) {
    self.confirmation = confirmation
    confirm = { signature in try drive.answer { try drive.session.confirmed(signature) } }
    instead = { try drive.answer { try drive.session.byPassword() } }
    lose = { try drive.answer { try drive.session.biometricLost() } }
  }

  /// The key has signed: 64 bytes, `r ‖ s`.
  ///
  /// - Throws: `.call(.signatureShape)`; `.call(.otherSession)` for a signature by another key or over another message;
  ///   `.call(.outOfTurn)`.
  public func confirmed(by signature: Data) throws(MsgPayError) {
    try calling { try confirm(signature) }
  }

  /// The payer types the password instead.
  ///
  /// - Throws: `.call(.noOtherWay)` where the institution's rules have none; `.call(.outOfTurn)`.
  public func byPassword() throws(MsgPayError) {
    try calling(instead)
  }

  /// The phone no longer has the key: another finger or face was enrolled. Goes on by password where the rules let it.
  /// Waits for keystore and vault.
  ///
  /// - Throws: `.host`, `.call(.outOfTurn)`.
  public func biometricLost() throws(MsgPayError) {
    try calling(lose)
  }
}
