import MsgPayFFI

/// The setting of a password: gives steps and takes typed answers.
public final class PasswordSetup: Sendable {
  /// What the setting wants of a person now.
  public enum Step: Sendable {
    /// Show whose password it is.
    case review(ReviewStep<PasswordReview>)
    /// Have it typed; `purpose` tells the first from the second.
    case enterPassword(Entry)
    /// The end.
    case concluded(PasswordOutcome)
  }

  private let drive: Drive<Driving>

  init(_ native: NativePasswordSetup, over transport: any Transport) {
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
  public func cancel() async throws(MsgPayError) -> PasswordOutcome {
    try await drive.cancel { try $0.native.cancel() }
  }

  func next() async throws(MsgPayError) -> Step? {
    try await drive.next()
  }
}

private struct Driving: Driven {
  let native: NativePasswordSetup

  func turn(_ drive: Drive<Self>) throws -> Turn<PasswordSetup.Step> {
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
    case .concluded(let outcome):
      return .last(.concluded(outcome))
    }
  }

  func answered(_ answer: Answer?) throws { try native.answered(answer: answer) }
  func resolve() throws { throw MsgPayError.call(.outOfTurn) }
  func turnBack() throws -> PasswordSetup.Step { .concluded(try native.cancel()) }
}

extension Driving: TakesEntry {
  func entry() throws -> NativeEntry? {
    if case .enterPassword(let entry) = try native.step() { entry } else { nil }
  }

  func entered(_ sealed: NativeSealedEntry) throws { try native.entered(sealed: sealed) }
}
