import Foundation
import MsgPayFFI

/// A payment.
public typealias Payment = Session<Review, Outcome>
/// The setting of a password.
public typealias PasswordSetup = Session<PasswordReview, PasswordOutcome>
/// The enrolment of a biometric key.
public typealias BiometricEnrolment = Session<BiometricReview, EnrolmentOutcome>

/// One errand with an institution: gives steps and takes typed answers.
///
/// ```swift
/// let payment = try await msgpay.launch(link)
/// for try await step in payment.steps {
///   switch step {
///   case .review(let step): show(step.review)                 // then step.accept()
///   case .enterPassword(let entry): keypadView.show(entry)    // then entry.entered(…)
///   case .confirmBiometric(let step):
///     if try await !step.confirm(with: signer) { payment.turnBack() }
///   case .working: showBusy()
///   case .unresolved(let question): showUnknown()             // then question.ask()
///   case .concluded(let outcome): show(outcome)
///   }
/// }
/// ```
/// `Shown` is what is shown before anything is typed, `Ending` the outcome.
public final class Session<Shown: Sendable, Ending: Sendable>: Sendable {
  private let wire: Wire<Shown, Ending>
  private let transport: any Transport
  private let lane = Lane("session")
  private let interrupt = Interrupt()
  private let place = Locked(Place.beginning)

  private enum Place: Equatable {
    case beginning
    /// A loop is under way.
    case running
    /// A step is in a person's hands.
    case asked
    /// The institution works on it.
    case pausing(ms: Int64)
    case over
  }

  init(_ wire: Wire<Shown, Ending>, over transport: any Transport) {
    self.wire = wire
    self.transport = transport
  }

  /// The steps, the last of which is `.concluded`.
  public var steps: Steps<Step<Shown, Ending>> {
    Steps { again throws(MsgPayError) in try await self.next(again: again) }
  }

  /// Turns back, from whatever thread, whatever the session is at. Gives the outcome: what has left cannot be called
  /// back, and a payment is then `.unresolved`. What the library is doing at this moment ends first; a request under
  /// way is no longer waited for.
  ///
  /// - Throws: `.call(.broken)`.
  @discardableResult
  public func cancel() async throws(MsgPayError) -> Ending {
    interrupt.stop()
    return try await lane.run(wire.cancel)
  }

  /// As `cancel`, without waiting: the loop over `steps` gets `.concluded`.
  public func turnBack() {
    interrupt.stop()
  }

  /// A page has acted in the person's stead: what it took along counts as sent and unanswered.
  func answeredByPage() async throws(MsgPayError) {
    do throws(MsgPayError) {
      let wire = wire
      try await lane.run { try wire.answered(nil) }
    } catch {
      // It took nothing along: the page has turned the payment back, and the loop tells.
      guard error == .call(.outOfTurn) else { throw error }
    }
    interrupt.answer()
  }

  /// The next step for a person: waits for the answer to the last one first, unless the open step is wanted `again`.
  /// Nothing after the last.
  ///
  /// When the task is cancelled, the session is: the next step is then the last, and tells what came of it.
  ///
  /// - Throws: `.call(.outOfTurn)` when two loops run at once; what the library throws. Both leave the session as it
  ///   was, and calling again is safe.
  func next(again: Bool = false) async throws(MsgPayError) -> Step<Shown, Ending>? {
    let before = try begin()
    var after = before
    defer { place.use { $0 = after } }
    if before == .over { return nil }
    if before == .asked, !again { await interrupt.untilAnswered() }
    // Until the next step is out, this one counts as answered: a loop that throws is not to wait for the person.
    after = .beginning
    if case .pausing(let ms) = before { try await pause(ms) }
    let (step, next) = try await advance()
    after = next
    return step
  }

  private func begin() throws(MsgPayError) -> Place {
    let place: Place? = place.use { place in
      if place == .running { return nil }
      defer { place = .running }
      return place
    }
    guard let place else { throw .call(.outOfTurn) }
    return place
  }

  private func pause(_ ms: Int64) async throws(MsgPayError) {
    let pauseNs = UInt64(min(max(0, ms), pauseMsMax)) * 1_000_000
    let elapsed: Void? = await interrupt.during { try? await Task.sleep(nanoseconds: pauseNs) }
    if elapsed == nil || isOff { return }
    try await lane.run(wire.resolve)
  }

  private func advance() async throws(MsgPayError) -> (step: Step<Shown, Ending>, then: Place) {
    let wire = wire
    while true {
      if isOff {
        interrupt.stop()
        return (.concluded(try await lane.run(wire.cancel)), .over)
      }
      interrupt.ask()
      switch try await lane.run(wire.turn) {
      case .send(let request):
        let transport = transport
        let answer = await interrupt.during { await transport.send(request) } ?? nil
        if !isOff { try await lane.run { try wire.answered(answer) } }
      case .review(let review):
        return (.review(ReviewStep(review: review, accepted: answering(wire.accept))), .asked)
      case .enter(let entry):
        return (.enterPassword(typing(entry)), .asked)
      case .confirm(let confirmation):
        return (.confirmBiometric(confirming(confirmation)), .asked)
      case .unresolved(let institution, let payOrderNo):
        let asked = answering(wire.resolve)
        return (.unresolved(QuestionStep(institution: institution, payOrderNo: payOrderNo, asked: asked)), .asked)
      case .working(let ms):
        return (.working, .pausing(ms: ms))
      case .concluded(let ending):
        return (.concluded(ending), .over)
      }
    }
  }

  private func typing(_ entry: NativeEntry) -> Entry {
    let fresh: @Sendable () throws -> NativeEntry = {
      if case .enter(let entry) = try self.wire.turn() { return entry }
      // Too much time has passed, or the session is elsewhere: its loop tells.
      self.interrupt.answer()
      throw MsgPayError.call(.outOfTurn)
    }
    return Entry(entry, fresh: fresh, take: answering(wire.entered))
  }

  private func confirming(_ confirmation: Confirmation) -> BiometricStep {
    BiometricStep(
      confirmation: confirmation, signed: answering(wire.confirmed), instead: answering(wire.byPassword),
      lost: answering(wire.keyLost))
  }

  /// Answers the step that is in the person's hands; when the library takes the answer, the loop goes on.
  private func answering<Answer>(
    _ answer: @escaping @Sendable (Answer) throws -> Void
  ) -> @Sendable (Answer) throws -> Void {
    { [interrupt] given in
      try answer(given)
      interrupt.answer()
    }
  }

  private func answering(_ answer: @escaping @Sendable () throws -> Void) -> @Sendable () throws -> Void {
    { [interrupt] in
      try answer()
      interrupt.answer()
    }
  }

  /// The session or the task that runs it is cancelled.
  private var isOff: Bool { interrupt.isStopped || Task.isCancelled }
}

/// No wait is longer, whatever an institution asks for.
private let pauseMsMax: Int64 = 60_000
