import Foundation
import MsgPay

/// A person for tests: agrees to what is shown, reads the keys' faces with the stage's eyes, and presses.
///
/// It knows its digits, as a person does; no application may. Nothing of it belongs into a shipped product.
public struct StagePerson: PaymentScreens, PasswordScreens {
  private let stage: Stage
  private let digits: [Int]
  private let phone: DesktopPhone?

  /// - Parameter phone: Whose finger reader is used where a biometric key is asked for; nothing to type instead.
  public init(stage: Stage, digits: [Int], phone: DesktopPhone? = nil) {
    self.stage = stage
    self.digits = digits
    self.phone = phone
  }

  public func review(_ review: Review) async throws -> Bool { true }

  public func review(_ review: PasswordReview) async throws -> Bool { true }

  public func type(_ entry: Entry) async throws -> SealedEntry? {
    let keypad = try entry.open(.desktop, facePx: 96)
    try await press(on: keypad)
    return try keypad.confirm()
  }

  public func confirm(_ confirmation: Confirmation) async throws -> BiometricAnswer {
    if let phone { return phone.layFingerOn(confirmation) }
    return confirmation.orPassword ? .byPassword : .cancelled
  }

  /// Presses the keys whose faces show the digits, one after another.
  public func press(on keypad: Keypad) async throws {
    let shown = try await faces(of: keypad)
    for digit in digits {
      guard case .slot(let slot) = shown.first(where: { $0.digit == digit })?.key.action else {
        throw StageFault.answer
      }
      _ = try keypad.press(slot: slot)
    }
  }

  /// What the faces of the shuffled keys show.
  public func faces(of keypad: Keypad) async throws -> [(key: Keypad.Key, digit: Int)] {
    let keys = keypad.keys.filter { if case .slot = $0.action { true } else { false } }
    return Array(zip(keys, try await stage.digits(of: keypad, keys: keys)))
  }
}

extension Surface {
  /// What a window of a build machine can promise.
  public static let desktop = Surface(
    captureBlocked: true, obscuredTouchesFiltered: true, noTextField: true, nothingKept: true,
    audioPrivate: false)
}
