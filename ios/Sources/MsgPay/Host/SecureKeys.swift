import Foundation

/// A phone's secure hardware, as far as keys go: P-256, made inside, never readable. `SystemKeys` is the real one.
///
/// Calls may take their time, and are made on threads that may wait.
public protocol SecureKeys: Sendable {
  /// Makes a key; gives its public point, 65 bytes that begin with 4. A key under `.biometric` is to be gone once
  /// another finger or face is enrolled.
  func makeKey(_ tag: Data, under guard: KeyGuard) throws(KeyRefusal) -> Data
  /// Signs SHA-256 of the message without asking anybody; gives DER (X9.62).
  func sign(_ message: Data, by tag: Data) throws(KeyRefusal) -> Data
  /// Forgets a key; one that is not there is forgotten already.
  func forgetKey(_ tag: Data) throws(KeyRefusal)
  /// Whether a finger or a face can be asked for now.
  func biometry() -> Biometry
  /// Which fingers or faces a key was made under, if that is known. Asks nobody.
  func enrolment(of tag: Data) -> Data?
  /// A prompt that is not shown yet. `orPassword`: whether the person may type instead; if not, nothing offers it.
  func prompt(_ words: Words, orPassword: Bool) -> any BiometricPrompt
}

/// The phone's own prompt, for one signature.
public protocol BiometricPrompt: Sendable {
  /// Shows it, waits for the person, and signs; gives DER.
  func sign(_ message: Data, by tag: Data) throws(KeyRefusal) -> Data
  /// Takes it away, from another thread: `sign` refuses then.
  func dismiss()
}

/// Whether a finger or a face can be asked for.
public enum Biometry: Sendable, Equatable {
  /// It can. The bytes change whenever a finger or a face is added or taken away; nothing where the phone keeps that to
  /// itself.
  case ready(enrolment: Data?)
  /// Too many strangers' fingers: the phone's passcode has to come first.
  case locked
  /// None is enrolled, or the phone has no passcode: keys that ask for one are gone.
  case notEnrolled
  /// There is no reader, or the person does not let this application use it.
  case unavailable
}

/// Why a key did not sign.
public enum KeyRefusal: Error, Sendable, Equatable {
  /// There is no such key, or the phone has given it up.
  case gone
  /// The person turned back, or the application took the prompt away.
  case turnedBack
  /// The person wants to type instead.
  case wantsPassword
  /// A finger or a face, but not the right one.
  case notRecognised
  /// Too many wrong ones.
  case locked
  /// Biometrics cannot be used now.
  case unavailable
  /// Anything else.
  case failed

  /// Of `LAError.Code`, by its number.
  init(localAuthentication code: Int) {
    self =
      switch code {
      case -1: .notRecognised  // authenticationFailed
      case -2, -4, -9, -10, -1004: .turnedBack  // userCancel, systemCancel, appCancel, invalidContext, notInteractive
      case -3: .wantsPassword  // userFallback
      case -5, -7: .gone  // passcodeNotSet, biometryNotEnrolled
      case -6: .unavailable  // biometryNotAvailable
      case -8: .locked  // biometryLockout
      default: .failed
      }
  }

  /// Of the Keychain's `OSStatus`.
  init(keychain status: Int) {
    self =
      switch status {
      case -25300: .gone  // errSecItemNotFound
      case -128: .turnedBack  // errSecUserCanceled
      // errSecAuthFailed: whether the key is gone, the enrolment tells.
      case -25293: .notRecognised
      case -25308: .unavailable  // errSecInteractionNotAllowed
      default: .failed
      }
  }

  /// Of `TKError.Code`: the enclave is a token of CryptoTokenKit, and some of its refusals come under that name.
  init(token code: Int) {
    self =
      switch code {
      case -3, -6: .gone  // corruptedData, objectNotFound: such a key never signs again
      case -4: .turnedBack  // canceledByUser
      case -5: .notRecognised  // authenticationFailed
      case -9: .unavailable  // authenticationNeeded
      default: .failed
      }
  }
}

extension Biometry {
  /// Of what `LAContext.canEvaluatePolicy` says, by its error's number; nothing when it can.
  init(error code: Int?, enrolment: Data?) {
    self =
      switch code.map(KeyRefusal.init(localAuthentication:)) {
      case nil: .ready(enrolment: enrolment)
      case .gone: .notEnrolled
      case .locked: .locked
      default: .unavailable
      }
  }
}
