import Foundation

/// Has a biometric key of the Secure Enclave sign, by the phone's own prompt.
///
/// Cancelling the task takes the prompt away. What only the phone knows becomes one of four answers: nothing of the
/// system's text gets further.
public struct EnclaveSigner: BiometricSigner {
  private let keys: any SecureKeys
  private let words: Words
  private let lane = Lane("prompt")

  /// Over a phone's hardware; on a phone, `EnclaveSigner()`.
  public init(_ keys: any SecureKeys, words: Words = .preferred) {
    (self.keys, self.words) = (keys, words)
  }

  /// - Throws: `.host(.keystore)` for a failure that is none of the answers.
  public func sign(_ confirmation: Confirmation) async throws -> BiometricAnswer {
    let (keys, tag) = (keys, keyTag(confirmation.keyName))
    let (biometry, then) = await lane.result { () throws(Never) in (keys.biometry(), keys.enrolment(of: tag)) }.get()
    switch biometry {
    case .ready(let now):
      // The hardware refuses such a key as well; this says so before anybody lays a finger on.
      if let now, let then, now != then { return .keyLost }
    case .notEnrolled: return .keyLost
    case .locked, .unavailable: return otherWay(confirmation)
    }
    let prompt = keys.prompt(words, orPassword: confirmation.orPassword)
    switch await asked(prompt, confirmation.message, tag) {
    case .success(let der):
      guard let fixed = fixedSignature(fromDER: der) else { throw MsgPayError.host(.keystore) }
      return .signed(fixed)
    case .failure(.gone): return .keyLost
    case .failure(.turnedBack): return .cancelled
    case .failure(.wantsPassword), .failure(.notRecognised), .failure(.locked), .failure(.unavailable):
      return otherWay(confirmation)
    case .failure(.failed): throw MsgPayError.host(.keystore)
    }
  }

  private func asked(_ prompt: any BiometricPrompt, _ message: Data, _ tag: Data) async -> Result<Data, KeyRefusal> {
    if Task.isCancelled { return .failure(.turnedBack) }
    return await withTaskCancellationHandler {
      await lane.result { () throws(KeyRefusal) in try prompt.sign(message, by: tag) }
    } onCancel: {
      prompt.dismiss()
    }
  }

  private func otherWay(_ confirmation: Confirmation) -> BiometricAnswer {
    confirmation.orPassword ? .byPassword : .cancelled
  }
}
