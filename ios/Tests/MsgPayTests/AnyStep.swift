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

  init<Shown, Ending>(_ session: Session<Shown, Ending>, _ ending: @escaping (Ending) -> AnyStep.Ending) {
    var steps = session.steps.makeAsyncIterator()
    next = { try await steps.next().map { Self.any($0, ending) } }
    cancel = { ending(try await session.cancel()) }
  }

  init(_ payment: Payment) { self.init(payment) { .init($0) } }

  init(_ setup: PasswordSetup) { self.init(setup) { .init($0) } }

  init(_ enrolment: BiometricEnrolment) { self.init(enrolment) { .init($0) } }

  init(_ activation: Activation) {
    next = { .concluded(.init(try await activation.run())) }
    cancel = { .init(outcome: "cancelled") }
  }

  private static func any<Shown, Ending>(
    _ step: Step<Shown, Ending>, _ ending: (Ending) -> AnyStep.Ending
  ) -> AnyStep {
    switch step {
    case .review(let step): .review(accept: { try step.accept() })
    case .enterPassword(let entry): .enterPassword(entry)
    case .confirmBiometric(let step): .confirmBiometric(step)
    case .working: .working
    case .unresolved(let question): .unresolved(question)
    case .concluded(let outcome): .concluded(ending(outcome))
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
