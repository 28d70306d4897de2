import MsgPayFFI

/// What the driver needs of a session in the library. Each of the four kinds has its own steps.
protocol Driven: Sendable {
  associatedtype Step: Sendable

  /// What is to be done now. May wait for keystore and vault.
  func turn(_ drive: Drive<Self>) throws -> Turn<Step>
  /// The answer to a request that was given out, or nothing when none came.
  func answered(_ answer: Answer?) throws
  /// Asks about a request whose result is not known.
  func resolve() throws
  /// Turns back; gives the step that tells what came of it.
  func turnBack() throws -> Step
}

/// What a session wants now, and of whom.
enum Turn<Step: Sendable>: Sendable {
  /// The network.
  case send(Request)
  /// Time, while this step is shown; then the institution is asked.
  case wait(ms: UInt64, Step)
  /// The person.
  case person(Step)
  /// Nobody any more.
  case last(Step)
}

/// Runs a session until a person is needed, and again after each answer.
final class Drive<Session: Driven>: Sendable {
  let session: Session
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
    case pausing(ms: UInt64)
    case over
  }

  init(_ session: Session, over transport: any Transport) {
    self.session = session
    self.transport = transport
  }

  /// The next step for a person: waits for the answer to the last one first, unless the open step is wanted `again`.
  /// Nothing after the last.
  ///
  /// When the task is cancelled, the session is: the next step is then the last, and tells what came of it.
  ///
  /// - Throws: `.call(.outOfTurn)` when two loops run at once; what the library throws. Both leave the session as it
  ///   was, and calling again is safe.
  func next(again: Bool = false) async throws(MsgPayError) -> Session.Step? {
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

  /// Answers the step that is in the person's hands; when the library takes the answer, the loop goes on.
  func answer(_ body: () throws -> Void) throws(MsgPayError) {
    try calling(body)
    interrupt.answer()
  }

  /// The step in the person's hands is over without an answer.
  func pass() {
    interrupt.answer()
  }

  /// Turns back. What the library is doing at this moment ends first; a request under way is no longer waited for.
  func cancel<Outcome: Sendable>(
    _ outcome: @escaping @Sendable (Session) throws -> Outcome
  ) async throws(MsgPayError) -> Outcome {
    interrupt.stop()
    let session = session
    return try await lane.run { try outcome(session) }
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

  private func pause(_ ms: UInt64) async throws(MsgPayError) {
    let pauseNs = min(ms, pauseMsMax) * 1_000_000
    let elapsed: Void? = await interrupt.during { try? await Task.sleep(nanoseconds: pauseNs) }
    if elapsed == nil || isOff { return }
    let session = session
    try await lane.run { try session.resolve() }
  }

  private func advance() async throws(MsgPayError) -> (step: Session.Step, then: Place) {
    let session = session
    while true {
      if isOff {
        interrupt.stop()
        return (try await lane.run { try session.turnBack() }, .over)
      }
      interrupt.ask()
      switch try await lane.run({ try session.turn(self) }) {
      case .send(let request):
        let transport = transport
        let answer = await interrupt.during { await transport.send(request) } ?? nil
        if !isOff { try await lane.run { try session.answered(answer) } }
      case .wait(let ms, let step):
        return (step, .pausing(ms: ms))
      case .person(let step):
        return (step, .asked)
      case .last(let step):
        return (step, .over)
      }
    }
  }

  /// The session or the task that runs it is cancelled.
  private var isOff: Bool { interrupt.isStopped || Task.isCancelled }
}

/// No wait is longer, whatever an institution asks for.
private let pauseMsMax: UInt64 = 60_000
