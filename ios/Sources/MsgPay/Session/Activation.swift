import MsgPayFFI

/// The activation of this handset at an institution.
public final class Activation: Sendable {
  private let native: NativeActivation
  private let transport: any Transport
  private let lane = Lane("activation")
  private let concluded = Locked(false)

  init(_ native: NativeActivation, over transport: any Transport) {
    self.native = native
    self.transport = transport
  }

  /// Activates; called again after `.notActivated`, it sends the same key and code once more.
  ///
  /// When the task is cancelled, a request under way counts as unanswered: `.notActivated` with what to do.
  ///
  /// - Throws: `.host`; `.call(.outOfTurn)`, `.call(.answerExpected)` when two callers run it at once.
  public func run() async throws(MsgPayError) -> ActivationOutcome {
    let native = native
    let again = concluded.use { concluded in
      defer { concluded = false }
      return concluded
    }
    if again { try await lane.run { try native.again() } }
    while true {
      switch try await lane.run({ try native.step() }) {
      case .send(let request):
        let transport = transport
        let answer = await Interrupt().during { await transport.send(request) } ?? nil
        try await lane.run { try native.answered(answer: answer) }
      case .concluded(let outcome):
        concluded.use { $0 = true }
        return outcome
      }
    }
  }
}
