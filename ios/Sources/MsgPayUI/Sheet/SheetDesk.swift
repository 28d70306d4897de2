import MsgPay

/// What stands behind the pay sheet: runs a whole payment, from the review to the end, and tells a view what to show.
/// It holds no view; a press of a button comes in as `press`, a typed entry as `entered`.
@MainActor
public final class SheetDesk {
  /// What the sheet shows.
  public enum Page: Sendable {
    /// The network or the phone takes its time.
    case busy(Words.Busy)
    /// The order, before anything is typed.
    case review(Review)
    /// The keypad.
    case keypad(KeypadDesk)
    /// The request may have paid; nothing is to be paid anew.
    case unresolved
    /// The end.
    case result(Outcome)
  }

  /// What a button of the sheet does.
  public enum Action: Sendable, Equatable {
    /// Pays what the review shows.
    case accept
    /// Asks the institution about a payment that is not known.
    case ask
    /// Launches the same link again.
    case again
    /// Turns back, or leaves an end.
    case close
  }

  /// Called after each change of what is to be drawn.
  public var onChange: (@MainActor () -> Void)?
  /// What is shown now.
  public private(set) var page = Page.busy(.connecting)
  /// The order as far as it is known: it stays on the later pages.
  public private(set) var review: Review?
  /// The order's number, for whoever keeps it across the death of a process; see `MsgPay.restore`.
  public private(set) var payOrderNo: String?
  /// A word under the page: a wiped entry, one that is too short.
  public private(set) var note: String?
  /// Characters that are typed.
  public private(set) var count = 0

  let words: Words
  /// A page's bridge looks for what the page is to be told.
  var onKeypad: (@MainActor () -> Void)?
  private let keypadConfirms: Bool
  private let msgpay: MsgPay
  private let surface: Surface
  private let signer: (any BiometricSigner)?
  private var link: String?
  private var payment: Payment?
  private var open: Open?
  private var isClosing = false
  private var isDeciding = false
  private var fault: MsgPayError?
  private let (decisions, decide) = AsyncStream.makeStream(of: Action.self)

  /// The step that waits for the person.
  private enum Open {
    case review(ReviewStep<Review>)
    case entry(Entry)
    case question(QuestionStep)
  }

  /// - Parameters:
  ///   - surface: What the view can promise.
  ///   - signer: Asks for a finger or a face; nothing for an application without.
  ///   - keypadConfirms: Whether the keypad's own key confirms; above a page, the page does.
  public init(
    _ msgpay: MsgPay, surface: Surface, signer: (any BiometricSigner)? = nil, words: Words = .preferred,
    keypadConfirms: Bool = true
  ) {
    (self.msgpay, self.surface, self.signer, self.words) = (msgpay, surface, signer, words)
    self.keypadConfirms = keypadConfirms
  }

  /// Pays by a card's link; returns when the person has seen the end. A cancelled task turns the payment back.
  ///
  /// - Throws: ``MsgPayError``: the payment is turned back then. One that may have paid is no error but shown.
  public func pay(_ link: String) async throws -> Outcome {
    self.link = link
    return try await run(try await msgpay.launch(link))
  }

  /// Asks about a payment that is not known; see `MsgPay.restore`.
  ///
  /// - Throws: As `pay`.
  public func resume(_ payment: Payment) async throws -> Outcome {
    try await run(payment)
  }

  /// A button of the sheet. One that the page does not have does nothing.
  public func press(_ action: Action) {
    switch (action, open, page) {
    case (.accept, .review(let step), _):
      answer { () throws(MsgPayError) in try step.accept() }
    case (.ask, .question(let step), _):
      answer { () throws(MsgPayError) in try step.ask() }
    case (.ask, _, .result(.unresolved)), (.again, _, .result(.notPaid)), (.close, _, .result):
      // A finger that taps twice decides once.
      if isDeciding { decide.yield(action) }
      isDeciding = false
    case (.close, _, _):
      wipe()
      isClosing = true
      payment?.turnBack()
    default: break
    }
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
    case .wiped: note = desk.cover == .recorded ? words.captured : words.wiped
    case .count: note = nil
    case .sealed(let sealed): return entered(sealed)
    case .nothing, .keys: break
    }
    onKeypad?()
    onChange?()
  }

  /// The page has wiped the entry.
  func wiped() {
    guard case .keypad(let desk) = page else { return }
    changed(desk.wipe())
  }

  private func run(_ first: Payment) async throws -> Outcome {
    var payment = first
    while true {
      let outcome = try await conclude(payment)
      if isSeen(outcome) { return outcome }
      show(.result(outcome))
      switch (await decision(), outcome) {
      case (.ask, .unresolved(let institution, let payOrderNo)):
        show(.busy(.working))
        payment = try await msgpay.resolve(payOrderNo, at: institution)
      case (.again, _):
        guard let link else { return outcome }
        show(.busy(.connecting))
        payment = try await msgpay.launch(link)
      default: return outcome
      }
    }
  }

  /// Turned back is what the person did; what is not known was shown as that.
  private func isSeen(_ outcome: Outcome) -> Bool {
    switch (outcome, page) {
    case (.cancelled, _), (.unresolved, .unresolved): true
    default: false
    }
  }

  private func decision() async -> Action {
    isDeciding = true
    var decisions = decisions.makeAsyncIterator()
    return await decisions.next() ?? .close
  }

  private func conclude(_ payment: Payment) async throws -> Outcome {
    self.payment = payment
    defer { (self.payment, open, fault, isClosing) = (nil, nil, nil, false) }
    if isClosing { payment.turnBack() }
    do {
      for try await step in payment.steps {
        switch step {
        case .review(let step):
          (review, payOrderNo) = (step.review, step.review.payOrderNo)
          show(.review(step.review), .review(step))
        case .enterPassword(let entry):
          show(.keypad(KeypadDesk(entry, surface: surface, confirms: keypadConfirms)), .entry(entry))
        case .confirmBiometric(let step):
          show(.busy(.prompt))
          if try await !confirmed(step) { payment.turnBack() }
          show(.busy(.working))
        case .working:
          show(.busy(.working))
        case .unresolved(let question):
          payOrderNo = question.payOrderNo
          show(.unresolved, .question(question))
        case .concluded(let outcome):
          wipe()
          if let fault, case .cancelled = outcome { throw fault }
          return outcome
        }
      }
      throw MsgPayError.call(.outOfTurn)
    } catch {
      wipe()
      // Whether money may have moved matters more than what broke.
      let outcome = try await payment.cancel()
      if case .unresolved = outcome { return outcome }
      throw error
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
      payment?.turnBack()
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
