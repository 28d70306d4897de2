import MsgPay

/// What stands behind the sheet: runs a whole payment, the setting of a password or an enrolment, from the review to the
/// end, and tells a view what to show. It holds no view; a press of a button comes in as `press`, what a touch has done
/// to the keypad as `changed`.
@MainActor
public final class SheetDesk {
  /// What the sheet shows.
  public enum Page: Sendable {
    /// The network or the phone takes its time.
    case busy(Words.Busy)
    /// What the institution signed, before anything is typed.
    case review(SheetReview)
    /// The keypad.
    case keypad(KeypadDesk)
    /// The request may have paid; nothing is to be paid anew.
    case unresolved
    /// The end.
    case result(SheetEnding)
  }

  /// What a button of the sheet does.
  public enum Action: Sendable, Equatable {
    /// Goes on from what the review shows.
    case accept
    /// Asks the institution about a payment that is not known.
    case ask
    /// Begins the same again.
    case again
    /// Turns back, or leaves an end.
    case close
  }

  /// Called after each change of what is to be drawn.
  public var onChange: (@MainActor () -> Void)?
  /// What is shown now.
  public private(set) var page = Page.busy(.connecting)
  /// The review as far as it is known: it stays on the later pages.
  public private(set) var review: SheetReview?
  /// The order's number, for whoever keeps it across the death of a process; see `MsgPay.restore`.
  public private(set) var payOrderNo: String?
  /// A word under the page: a wiped entry, one that is too short.
  public private(set) var note: String?
  /// Characters that are typed.
  public private(set) var count = 0

  let words: Words
  /// What the sheet is there for.
  private(set) var errand = Words.Errand.payment { didSet { onChange?() } }
  /// Whether the same can be begun again from here: not where the link is another's.
  private(set) var canRepeat = true
  /// A page's bridge looks for what the page is to be told.
  var onKeypad: (@MainActor () -> Void)?
  private let keypadConfirms: Bool
  private let ear: @MainActor () -> (any PrivateEar)?
  private let msgpay: MsgPay
  private let surface: Surface
  private let signer: (any BiometricSigner)?
  private var turnBack: (() -> Void)?
  private var open: Open?
  private var isClosing = false
  private var isDeciding = false
  private var hasLeft = false
  private var isRunning = false
  private var fault: MsgPayError?
  private let (decisions, decide) = AsyncStream.makeStream(of: Action.self)

  /// The step that waits for the person.
  private enum Open {
    case review(() throws(MsgPayError) -> Void)
    case entry(Entry)
    case question(QuestionStep)
  }

  /// - Parameters:
  ///   - surface: What the view can promise.
  ///   - signer: Asks for a finger or a face; nothing for an application without.
  ///   - keypadConfirms: Whether the keypad's own key confirms; above a page, the page does.
  ///   - ear: Asked at each entry: whether its keys are to be heard, and by which ear.
  public init(
    _ msgpay: MsgPay, surface: Surface, signer: (any BiometricSigner)? = nil, words: Words = .preferred,
    keypadConfirms: Bool = true, ear: @escaping @MainActor () -> (any PrivateEar)? = { nil }
  ) {
    (self.msgpay, self.surface, self.signer, self.words) = (msgpay, surface, signer, words)
    self.keypadConfirms = keypadConfirms
    self.ear = ear
  }

  /// Pays by a card's link; returns when the person has seen the end. A cancelled task turns the payment back.
  ///
  /// - Throws: ``MsgPayError``: the payment is turned back then. One that may have paid is no error but shown.
  ///   `.call(.outOfTurn)` while the sheet is at something.
  public func pay(_ link: String) async throws -> Outcome {
    try await run(try await msgpay.launch(link), payment(link))
  }

  /// Asks about a payment that is not known; see `MsgPay.restore`. Drives one that a page began.
  ///
  /// - Throws: As `pay`.
  public func resume(_ payment: Payment) async throws -> Outcome {
    canRepeat = false
    return try await run(payment, self.payment(nil))
  }

  /// Sets the wallet's password: it is typed twice.
  ///
  /// - Throws: As `pay`.
  public func setPassword(at institution: String) async throws -> PasswordOutcome {
    errand = .password
    let (msgpay, again) = (msgpay, again)
    return try await run(
      try await msgpay.setPassword(at: institution),
      Errand(reviewed: SheetReview.password, ended: SheetEnding.password) { action, _ in
        guard again(action) else { return nil }
        return try await msgpay.setPassword(at: institution)
      })
  }

  /// Enrols a biometric key, by the password.
  ///
  /// - Throws: As `pay`; `.call(.noOtherWay)` without a signer.
  public func enrolBiometric(at institution: String) async throws -> EnrolmentOutcome {
    guard signer != nil else { throw MsgPayError.call(.noOtherWay) }
    errand = .biometric
    let (msgpay, again) = (msgpay, again)
    return try await run(
      try await msgpay.enrolBiometric(at: institution),
      Errand(reviewed: SheetReview.biometric, ended: SheetEnding.biometric) { action, _ in
        guard again(action) else { return nil }
        return try await msgpay.enrolBiometric(at: institution)
      })
  }

  /// A button of the sheet. One that the page does not have does nothing.
  public func press(_ action: Action) {
    switch (action, open, page) {
    case (.accept, .review(let accept), _):
      answer(accept)
    case (.ask, .question(let step), _):
      answer { () throws(MsgPayError) in try step.ask() }
    case (.ask, _, .result(.payment(.unresolved))), (.again, _, .result), (.close, _, .result):
      // A finger that taps twice decides once.
      if isDeciding { decide.yield(action) }
      isDeciding = false
    case (.close, _, _):
      wipe()
      isClosing = true
      turnBack?()
    default: break
    }
  }

  /// Somebody else has taken the sheet away: turns back, and waits for nobody at an end that nobody sees.
  public func leave() {
    hasLeft = true
    press(.close)
  }

  /// The keypad's entry is typed.
  public func entered(_ sealed: SealedEntry) {
    guard case .entry(let entry) = open else { return }
    answer { () throws(MsgPayError) in try entry.entered(sealed) }
  }

  /// What a touch or the screen has done to the keypad.
  public func changed(_ change: KeypadDesk.Change) {
    guard case .keypad(let desk) = page else { return }
    count = desk.count
    switch change {
    case .tooShort: note = words.tooShort
    case .wiped: note = desk.cover.flatMap(words.cover) ?? words.wiped
    case .count: note = nil
    case .sealed(let sealed): return entered(sealed)
    case .nothing, .keys: break
    }
    onKeypad?()
    onChange?()
  }

  /// The keypad does not open, or was used in a wrong way: the programmer is told, by what `pay` throws.
  public func failed(_ error: MsgPayError) {
    wipe()
    // Where nothing is to be typed any more, the session itself tells why.
    if error != .call(.outOfTurn) { fault = error }
    turnBack?()
  }

  /// The page has wiped the entry.
  func wiped() {
    guard case .keypad(let desk) = page else { return }
    changed(desk.wipe())
  }

  private func payment(_ link: String?) -> Errand<Review, Outcome> {
    let (msgpay, again) = (msgpay, again)
    return Errand(reviewed: SheetReview.payment, ended: SheetEnding.payment) { [weak self] action, outcome in
      if case (.ask, .unresolved(let institution, let payOrderNo)) = (action, outcome) {
        self?.show(.busy(.working))
        return try await msgpay.resolve(payOrderNo, at: institution)
      }
      guard again(action), let link else { return nil }
      return try await msgpay.launch(link)
    }
  }

  private func again(_ action: Action) -> Bool {
    if action == .again { show(.busy(.connecting)) }
    return action == .again
  }

  private func run<Shown, Ending>(
    _ first: Session<Shown, Ending>, _ errand: Errand<Shown, Ending>
  ) async throws -> Ending {
    guard !isRunning else { throw MsgPayError.call(.outOfTurn) }
    isRunning = true
    defer { isRunning = false }
    var session = first
    while true {
      let ending = try await conclude(session, errand)
      if isSeen(errand.ended(ending)) { return ending }
      show(.result(errand.ended(ending)))
      do {
        guard let another = try await errand.another(await decision(), ending) else { return ending }
        session = another
      } catch {
        // Whether money may have moved matters more than what broke.
        if errand.ended(ending).isUnresolved { return ending }
        throw error
      }
    }
  }

  /// Turned back is what the person did; what is not known was shown as that.
  private func isSeen(_ ending: SheetEnding) -> Bool {
    if case .unresolved = page, ending.isUnresolved { return true }
    return ending.isCancelled
  }

  private func decision() async -> Action {
    if hasLeft { return .close }
    isDeciding = true
    var decisions = decisions.makeAsyncIterator()
    return await decisions.next() ?? .close
  }

  private func conclude<Shown, Ending>(
    _ session: Session<Shown, Ending>, _ errand: Errand<Shown, Ending>
  ) async throws -> Ending {
    turnBack = { session.turnBack() }
    defer { (turnBack, open, fault, isClosing) = (nil, nil, nil, false) }
    if isClosing { session.turnBack() }
    do {
      for try await step in session.steps {
        if case .concluded(let ending) = step {
          wipe()
          if let fault, errand.ended(ending).isCancelled { throw fault }
          return ending
        }
        try await take(step, of: session, errand)
      }
      throw MsgPayError.call(.outOfTurn)
    } catch {
      wipe()
      // As above. A signer that throws because its task was cancelled broke nothing.
      let ending = try await session.cancel()
      if errand.ended(ending).isUnresolved || error is CancellationError { return ending }
      throw error
    }
  }

  private func take<Shown, Ending>(
    _ step: Step<Shown, Ending>, of session: Session<Shown, Ending>, _ errand: Errand<Shown, Ending>
  ) async throws {
    switch step {
    case .review(let step):
      let reviewed = errand.reviewed(step.review)
      review = reviewed
      if case .payment(let order) = reviewed { payOrderNo = order.payOrderNo }
      show(.review(reviewed), .review { () throws(MsgPayError) in try step.accept() })
    case .enterPassword(let entry):
      let desk = KeypadDesk(
        entry, surface: surface, confirms: keypadConfirms, ear: ear(), language: words.language)
      show(.keypad(desk), .entry(entry))
    case .confirmBiometric(let step):
      show(.busy(.prompt))
      // Closed meanwhile, the prompt goes as well.
      let prompt = Task { try await confirmed(step) }
      turnBack = {
        prompt.cancel()
        session.turnBack()
      }
      let goesOn = try await withTaskCancellationHandler {
        try await prompt.value
      } onCancel: {
        prompt.cancel()
      }
      if !goesOn { session.turnBack() }
      show(.busy(.working))
    case .working, .concluded:
      show(.busy(.working))
    case .unresolved(let question):
      payOrderNo = question.payOrderNo
      show(.unresolved, .question(question))
    }
  }

  private func confirmed(_ step: BiometricStep) async throws -> Bool {
    if let signer { return try await step.confirm(with: signer) }
    guard step.confirmation.orPassword else { return false }
    try step.byPassword()
    return true
  }

  private func answer(_ body: () throws(MsgPayError) -> Void) {
    do throws(MsgPayError) {
      try body()
      show(.busy(.working))
    } catch {
      fault = error
      turnBack?()
    }
  }

  private func show(_ page: Page, _ open: Open? = nil) {
    (self.page, self.open, note, count) = (page, open, nil, 0)
    onChange?()
  }

  private func wipe() {
    if case .keypad(let desk) = page { desk.wipe() }
  }
}
