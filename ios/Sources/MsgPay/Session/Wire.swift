import Foundation
import MsgPayFFI

/// One kind of native session, seen as all kinds are. Each call may throw what the library throws.
struct Wire<Shown: Sendable, Ending: Sendable>: Sendable {
  /// What is to be done now. May wait for keystore and vault.
  let turn: @Sendable () throws -> Turn<Shown, Ending>
  /// The answer to a request that was given out, or nothing when none came.
  let answered: @Sendable (Answer?) throws -> Void
  let accept: @Sendable (Shown) throws -> Void
  let entered: @Sendable (NativeSealedEntry) throws -> Void
  /// Turns back.
  let cancel: @Sendable () throws -> Ending
  var confirmed: @Sendable (Data) throws -> Void = { _ in throw MsgPayError.call(.outOfTurn) }
  // Only a payment has a way around its key, and may be asked about.
  var byPassword: @Sendable () throws -> Void = { throw MsgPayError.call(.noOtherWay) }
  var keyLost: @Sendable () throws -> Void = { throw MsgPayError.call(.noOtherWay) }
  var resolve: @Sendable () throws -> Void = { throw MsgPayError.call(.outOfTurn) }
}

/// What a native session wants now, and of whom.
enum Turn<Shown: Sendable, Ending: Sendable>: Sendable {
  /// The network.
  case send(Request)
  // The person.
  case review(Shown)
  case enter(NativeEntry)
  case confirm(Confirmation)
  case unresolved(institution: String, payOrderNo: String)
  /// Time; then the institution is asked.
  case working(retryAfterMs: Int64)
  /// Nobody any more.
  case concluded(Ending)
}

extension Wire where Shown == Review, Ending == Outcome {
  init(_ native: NativePayment) {
    self.init(
      turn: {
        switch try native.step() {
        case .send(let request): .send(request)
        case .review(let review): .review(review)
        case .enterPassword(let entry): .enter(entry)
        case .confirmBiometric(let confirmation): .confirm(confirmation)
        case .working(let ms): .working(retryAfterMs: Int64(clamping: ms))
        case .unresolved(let institution, let payOrderNo): .unresolved(institution: institution, payOrderNo: payOrderNo)
        case .concluded(let outcome): .concluded(outcome)
        }
      },
      answered: { answer in
        // A page may have turned it back meanwhile: the next step says so.
        do { try native.answered(answer: answer) } catch MsgPayFFI.MsgPayError.Call(fault: .closed) {}
      },
      accept: { try native.accept(review: $0) },
      entered: { try native.entered(sealed: $0) },
      cancel: { try native.cancel() },
      confirmed: { try native.confirmed(signature: $0) },
      byPassword: { try native.byPassword() },
      keyLost: { try native.biometricLost() },
      resolve: { try native.resolve() })
  }
}

extension Wire where Shown == PasswordReview, Ending == PasswordOutcome {
  init(_ native: NativePasswordSetup) {
    self.init(
      turn: {
        switch try native.step() {
        case .send(let request): .send(request)
        case .review(let review): .review(review)
        case .enterPassword(let entry): .enter(entry)
        case .concluded(let outcome): .concluded(outcome)
        }
      },
      answered: { try native.answered(answer: $0) },
      accept: { try native.accept(review: $0) },
      entered: { try native.entered(sealed: $0) },
      cancel: { try native.cancel() })
  }
}

extension Wire where Shown == BiometricReview, Ending == EnrolmentOutcome {
  init(_ native: NativeEnrolment) {
    self.init(
      turn: {
        switch try native.step() {
        case .send(let request): .send(request)
        case .review(let review): .review(review)
        case .enterPassword(let entry): .enter(entry)
        case .confirmBiometric(let confirmation): .confirm(confirmation)
        case .concluded(let outcome): .concluded(outcome)
        }
      },
      answered: { try native.answered(answer: $0) },
      accept: { try native.accept(review: $0) },
      entered: { try native.entered(sealed: $0) },
      cancel: { try native.cancel() },
      confirmed: { try native.confirmed(signature: $0) })
  }
}
