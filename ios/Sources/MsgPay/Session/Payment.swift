import Foundation
import MsgPayFFI

/// A payment: gives steps and takes typed answers.
///
/// ```swift
/// for try await step in try await msgpay.launch(link).steps {
///   switch step {
///   case .review(let review): show(review.shown)            // then review.accept()
///   case .enterPassword(let entry): keypadView.show(entry)  // then entry.entered(…)
///   case .confirmBiometric(let confirmation): …
///   case .working: showBusy()
///   case .unresolved(let question): showUnknown()           // then question.ask()
///   case .concluded(let outcome): show(outcome)
///   }
/// }
/// ```
public final class Payment: Sendable {
  /// What a payment wants of a person now.
  public enum Step: Sendable {
    /// Show payee, amount, item and expiry.
    case review(ReviewStep<Review>)
    /// Have the password typed.
    case enterPassword(Entry)
    /// Have the phone's own prompt release the key.
    case confirmBiometric(BiometricStep)
    /// The institution works on it: show that; the next step comes by itself.
    case working
    /// The request may have paid and no answer came: show that nothing may be paid anew, and offer to ask.
    case unresolved(QuestionStep)
    /// The end.
    case concluded(Outcome)
  }

  private let drive: Drive<Driving>

  init(_ native: NativePayment, over transport: any Transport) {
    drive = Drive(Driving(native: native), over: transport)
  }

  /// The steps, the last of which is `.concluded`.
  public var steps: Steps<Step> {
    Steps { [drive] again throws(MsgPayError) in try await drive.next(again: again) }
  }

  /// Turns back, from whatever thread, whatever the payment is at. Gives the outcome: what has left cannot be called
  /// back and is then `.unresolved`.
  ///
  /// - Throws: `.call(.broken)`.
  @discardableResult
  public func cancel() async throws(MsgPayError) -> Outcome {
    try await drive.cancel { try $0.native.cancel() }
  }

  func next() async throws(MsgPayError) -> Step? {
    try await drive.next()
  }
}

private struct Driving: Driven {
  let native: NativePayment

  func turn(_ drive: Drive<Self>) throws -> Turn<Payment.Step> {
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
    case .working(let retryAfterMs):
      return .wait(ms: retryAfterMs, .working)
    case .unresolved:
      return .person(.unresolved(QuestionStep { try drive.answer { try drive.session.native.resolve() } }))
    case .concluded(let outcome):
      return .last(.concluded(outcome))
    }
  }

  func answered(_ answer: Answer?) throws { try native.answered(answer: answer) }
  func resolve() throws { try native.resolve() }
  func turnBack() throws -> Payment.Step { .concluded(try native.cancel()) }
}

extension Driving: TakesEntry {
  func entry() throws -> NativeEntry? {
    if case .enterPassword(let entry) = try native.step() { entry } else { nil }
  }

  func entered(_ sealed: NativeSealedEntry) throws { try native.entered(sealed: sealed) }
}

extension Driving: TakesConfirmation {
  func confirmed(_ signature: Data) throws { try native.confirmed(signature: signature) }
  func byPassword() throws { try native.byPassword() }
  func biometricLost() throws { try native.biometricLost() }
}
