import MsgPay

/// What a review shows, of whichever errand.
public enum SheetReview: Sendable, Equatable {
  /// An order to pay.
  case payment(Review)
  /// A password to set.
  case password(PasswordReview)
  /// A biometric key to enrol.
  case biometric(BiometricReview)
}

/// How an errand ended.
public enum SheetEnding: Sendable, Equatable {
  /// A payment.
  case payment(Outcome)
  /// The setting of a password.
  case password(PasswordOutcome)
  /// An enrolment.
  case biometric(EnrolmentOutcome)

  /// Why it came to nothing.
  var reason: Reason? {
    switch self {
    case .payment(.notPaid(let reason)), .password(.notSet(let reason)), .biometric(.notEnrolled(let reason)): reason
    default: nil
    }
  }

  /// The person turned back, and knows.
  var isCancelled: Bool {
    switch self {
    case .payment(.cancelled), .password(.cancelled), .biometric(.cancelled): true
    default: false
    }
  }

  /// No answer came.
  var isUnresolved: Bool {
    switch self {
    case .payment(.unresolved), .password(.unresolved), .biometric(.unresolved): true
    default: false
    }
  }
}

/// A kind of session, as the sheet runs all kinds.
struct Errand<Shown: Sendable, Ending: Sendable> {
  let reviewed: (Shown) -> SheetReview
  let ended: (Ending) -> SheetEnding
  /// Another session after an end that the person was shown, if there is one for this press.
  let another: @MainActor (SheetDesk.Action, Ending) async throws -> Session<Shown, Ending>?
}
