import MsgPay

/// A step of any session, by the name that the scenarios have for it.
enum AnyStep {
  case review(accept: () throws -> Void)
  case enterPassword(Entry)
  case confirmBiometric(BiometricStep)
  case working
  case unresolved(QuestionStep)
  case concluded(Ending)

  /// The end of any session.
  struct Ending: Equatable {
    let outcome: String
    var reason: Reason?
  }

  var name: String {
    switch self {
    case .review: "review"
    case .enterPassword: "enter_password"
    case .confirmBiometric: "confirm_biometric"
    case .working: "working"
    case .unresolved: "unresolved"
    case .concluded: "concluded"
    }
  }
}

/// A session of any kind: the public one, with its differences put away.
struct AnySession {
  let next: () async throws -> AnyStep?
  let cancel: () async throws -> AnyStep.Ending

  init(_ payment: Payment) {
    var steps = payment.steps.makeAsyncIterator()
    next = { try await steps.next().map(Self.any) }
    cancel = { .init(try await payment.cancel()) }
  }

  init(_ setup: PasswordSetup) {
    var steps = setup.steps.makeAsyncIterator()
    next = { try await steps.next().map(Self.any) }
    cancel = { .init(try await setup.cancel()) }
  }

  init(_ enrolment: BiometricEnrolment) {
    var steps = enrolment.steps.makeAsyncIterator()
    next = { try await steps.next().map(Self.any) }
    cancel = { .init(try await enrolment.cancel()) }
  }

  init(_ activation: Activation) {
    next = { .concluded(.init(try await activation.run())) }
    cancel = { .init(outcome: "cancelled") }
  }

  private static func any(_ step: Payment.Step) -> AnyStep {
    switch step {
    case .review(let review): .review(accept: { try review.accept() })
    case .enterPassword(let entry): .enterPassword(entry)
    case .confirmBiometric(let step): .confirmBiometric(step)
    case .working: .working
    case .unresolved(let question): .unresolved(question)
    case .concluded(let outcome): .concluded(.init(outcome))
    }
  }

  private static func any(_ step: PasswordSetup.Step) -> AnyStep {
    switch step {
    case .review(let review): .review(accept: { try review.accept() })
    case .enterPassword(let entry): .enterPassword(entry)
    case .concluded(let outcome): .concluded(.init(outcome))
    }
  }

  private static func any(_ step: BiometricEnrolment.Step) -> AnyStep {
    switch step {
    case .review(let review): .review(accept: { try review.accept() })
    case .enterPassword(let entry): .enterPassword(entry)
    case .confirmBiometric(let step): .confirmBiometric(step)
    case .concluded(let outcome): .concluded(.init(outcome))
    }
  }
}

extension AnyStep.Ending {
  init(_ outcome: Outcome) {
    self.init(outcome: fileName(outcome), reason: outcome.reason)
  }

  init(_ outcome: PasswordOutcome) {
    if case .notSet(let reason) = outcome {
      self.init(outcome: "not_set", reason: reason)
    } else {
      self.init(outcome: fileName(outcome))
    }
  }

  init(_ outcome: EnrolmentOutcome) {
    if case .notEnrolled(let reason) = outcome {
      self.init(outcome: "not_enrolled", reason: reason)
    } else {
      self.init(outcome: fileName(outcome))
    }
  }

  init(_ outcome: ActivationOutcome) {
    if case .notActivated(let reason) = outcome {
      self.init(outcome: "not_activated", reason: reason)
    } else {
      self.init(outcome: fileName(outcome))
    }
  }
}
