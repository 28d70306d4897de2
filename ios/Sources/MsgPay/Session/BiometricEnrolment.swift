import Foundation
import MsgPayFFI

/// The enrolment of a biometric key: gives steps and takes typed answers.
public final class BiometricEnrolment: Sendable {
  /// What the enrolment wants of a person now.
  public enum Step: Sendable {
    /// Show whose key it is, and what it may do.
    case review(ReviewStep<BiometricReview>)
    /// Have the password typed.
    case enterPassword(Entry)
    /// Have the phone's own prompt release the new key.
    case confirmBiometric(BiometricStep)
    /// The end.
    case concluded(EnrolmentOutcome)
  }

  private let drive: Drive<Driving>

  init(_ native: NativeEnrolment, over transport: any Transport) {
    drive = Drive(Driving(native: native), over: transport)
  }

  /// The steps, the last of which is `.concluded`.
  public var steps: Steps<Step> {
    Steps { [drive] again throws(MsgPayError) in try await drive.next(again: again) }
  }

  /// Turns back. Gives the outcome.
  ///
  /// - Throws: `.call(.broken)`.
  @discardableResult
  public func cancel() async throws(MsgPayError) -> EnrolmentOutcome {
    try await drive.cancel { try $0.native.cancel() }
  }

  func next() async throws(MsgPayError) -> Step? {
    try await drive.next()
  }
}

private struct Driving: Driven {
  let native: NativeEnrolment

  func turn(_ drive: Drive<Self>) throws -> Turn<BiometricEnrolment.Step> {
    switch try native.step() {
    case .send(let request):
      return .send(request)
    case .review(let review):
      let step = ReviewStep(shown: review) { shown in
        try drive.answer { try drive.session.native.accept(review: shown) }
      }
      return .person(.review(step))
    case .enterPassword(let entry):
      return .person(.enterPassword(Entry(entry, of: drive)))
    case .confirmBiometric(let confirmation):
      return .person(.confirmBiometric(BiometricStep(confirmation, of: drive)))
    case .concluded(let outcome):
      return .last(.concluded(outcome))
    }
  }

  func answered(_ answer: Answer?) throws { try native.answered(answer: answer) }
  func resolve() throws { throw MsgPayError.call(.outOfTurn) }
  func turnBack() throws -> BiometricEnrolment.Step { .concluded(try native.cancel()) }
}

extension Driving: TakesEntry {
  func entry() throws -> NativeEntry? {
    if case .enterPassword(let entry) = try native.step() { entry } else { nil }
  }

  func entered(_ sealed: NativeSealedEntry) throws { try native.entered(sealed: sealed) }
}

extension Driving: TakesConfirmation {
  func confirmed(_ signature: Data) throws { try native.confirmed(signature: signature) }
  // An enrolment has no way around the new key.
  func byPassword() throws { throw MsgPayError.call(.noOtherWay) }
  func biometricLost() throws { throw MsgPayError.call(.noOtherWay) }
}
