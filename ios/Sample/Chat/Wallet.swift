import Foundation
import MsgPay

/// What the application knows of the person's wallet. There is one `MsgPay`, made once.
@MainActor
final class Wallet: ObservableObject {
  /// Nothing until it is open.
  @Published private(set) var msgpay: MsgPay?
  /// The institution where this phone is activated; nothing before that.
  @Published private(set) var membership: Membership?
  /// The link that is being paid by.
  @Published var paying: PayLink?
  /// What the chat says of payments, the newest last.
  @Published private(set) var said: [String] = []
  /// Payments whose result is not known yet.
  @Published private(set) var pending: [OpenPayment] = []

  private let links = LinkDesk()
  /// Kept until it has concluded: a new one makes a new key, and the code may be spent on the first.
  private var activation: (code: String, session: Activation)?

  var institution: String? { msgpay?.institutions.first }

  /// At the start: `msgpay.json` and its certificate lie in the bundle.
  func open() async {
    guard msgpay == nil else { return }
    do {
      let msgpay = try await MsgPay.open(.bundled("msgpay"))
      self.msgpay = msgpay
      try await look()
    } catch {
      said.append("MsgPay: \(error)")
    }
  }

  /// A link from outside, or the button of a card.
  func route(_ url: URL) {
    switch links.open(url) {
    case .pay(let link): paying = link
    case .same, .notOurs: break
    case .busy: said.append("请先完成正在进行的付款")
    }
  }

  /// The sheet is gone.
  func ended(_ result: Result<Outcome, any Error>) {
    links.ended()
    tell(result)
  }

  private func tell(_ result: Result<Outcome, any Error>) {
    let words = Words.preferred
    switch result {
    case .success(let outcome): said.append(words.headline(outcome))
    case .failure(let error): said.append("MsgPay: \(error)")
    }
    Task {
      do { try await look() } catch { said.append("MsgPay: \(error)") }
    }
  }

  /// Asks the institution about a payment whose result is not known, without a screen.
  func ask(_ open: OpenPayment) async {
    guard let msgpay else { return }
    do {
      let payment = try await msgpay.resolve(open.payOrderNo, at: open.institution)
      tell(.success(try await msgpay.run(payment, on: Asking())))
    } catch {
      tell(.failure(error))
    }
  }

  /// The institution gave the person a code; this phone is activated by it.
  func activate(_ code: String) async throws -> ActivationOutcome? {
    guard let msgpay, let institution else { return nil }
    let session: Activation
    if let activation, activation.code == code {
      session = activation.session
    } else {
      session = try await msgpay.activate(institution, code: code)
      activation = (code, session)
    }
    let outcome = try await session.run()
    if case .activated = outcome { activation = nil }
    try await look()
    return outcome
  }

  private func look() async throws {
    guard let msgpay, let institution else { return }
    membership = try await msgpay.membership(at: institution)
    pending = try await msgpay.unresolved()
  }
}

/// Asks and shows nothing: a payment that is only asked about has neither review nor keypad.
private struct Asking: PaymentScreens {
  func review(_ review: Review) async -> Bool { false }
  func type(_ entry: Entry) async -> SealedEntry? { nil }
}
