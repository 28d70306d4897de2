import Foundation

/// What a session wants now. Each step takes its answer itself, from any thread; `.concluded` is the last one. To turn
/// back, cancel the session. The setting of a password and an enrolment have no `.working` and no `.unresolved`.
public enum Step<Shown: Sendable, Ending: Sendable>: Sendable {
  /// Show what the institution signed.
  case review(ReviewStep<Shown>)
  /// Have the password typed; when one is set, `purpose` tells the first from the second.
  case enterPassword(Entry)
  /// Have the phone's own prompt release the key.
  case confirmBiometric(BiometricStep)
  /// The institution works on it: show that; the next step comes by itself.
  case working
  /// The request may have paid and no answer came: show that nothing may be paid anew, and offer to ask.
  case unresolved(QuestionStep)
  /// The end.
  case concluded(Ending)
}

/// Something that is to be shown before anything is typed.
public struct ReviewStep<Shown: Sendable>: Sendable {
  /// Verified: it is what the institution signed.
  public let review: Shown
  let accepted: @Sendable (Shown) throws -> Void

  /// The person saw it and goes on. In a session that has ended meanwhile it does nothing; the session's next step
  /// tells.
  ///
  /// - Throws: `.call(.outOfTurn)` when the session is elsewhere.
  public func accept() throws(MsgPayError) {
    try calling { try accepted(review) }
  }
}

/// The phone's own prompt is to release one key for one message.
public struct BiometricStep: Sendable {
  /// The key's name and the exact bytes to sign; `orPassword` tells whether the payer may type instead.
  public let confirmation: Confirmation
  let signed: @Sendable (Data) throws -> Void
  let instead: @Sendable () throws -> Void
  let lost: @Sendable () throws -> Void

  /// The key has signed: 64 bytes, `r ‖ s`.
  ///
  /// - Throws: `.call(.signatureShape)`; `.call(.otherSession)` for a signature by another key or over another message;
  ///   `.call(.outOfTurn)`.
  public func confirmed(by signature: Data) throws(MsgPayError) {
    try calling { try signed(signature) }
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
  /// - Throws: `.host`, `.call(.outOfTurn)`; `.call(.noOtherWay)` in an enrolment.
  public func keyLost() throws(MsgPayError) {
    try calling(lost)
  }

  /// Asks the signer and gives its answer; says whether the session goes on. If not, the person turned back: cancel it.
  ///
  /// - Throws: What the signer and the calls above throw.
  public func confirm(with signer: any BiometricSigner) async throws -> Bool {
    try take(try await signer.sign(confirmation))
  }

  func take(_ answer: BiometricAnswer) throws(MsgPayError) -> Bool {
    switch answer {
    case .signed(let signature): try confirmed(by: signature)
    case .byPassword: try byPassword()
    case .keyLost: try keyLost()
    case .cancelled: return false
    }
    return true
  }
}

/// Asks the person for a finger or a face and signs by the key which that releases.
public protocol BiometricSigner: Sendable {
  /// Shows the phone's own prompt and signs exactly `confirmation.message` by the key `confirmation.keyName`.
  func sign(_ confirmation: Confirmation) async throws -> BiometricAnswer
}

/// What came of the phone's own prompt.
public enum BiometricAnswer: Sendable, Equatable {
  /// 64 bytes, `r ‖ s`.
  case signed(Data)
  /// The person types the password instead.
  case byPassword
  /// The phone has given the key up: another finger or face was enrolled.
  case keyLost
  /// The person turned back.
  case cancelled
}

/// A request may have paid and its result is not known: show that it must not be paid anew, and let the person ask.
public struct QuestionStep: Sendable {
  /// The institution to ask.
  public let institution: String
  /// The order to ask about.
  public let payOrderNo: String
  let asked: @Sendable () throws -> Void

  /// Asks the institution again.
  ///
  /// - Throws: `.call(.outOfTurn)` when the session is elsewhere.
  public func ask() throws(MsgPayError) {
    try calling(asked)
  }
}
