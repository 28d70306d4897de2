import MsgPayFFI

/// The payment SDK of one application. One for a vault at a time.
///
/// ```swift
/// let msgpay = try await MsgPay.open(.bundled("msgpay"), phone: phone)
/// switch try await msgpay.pay(link, on: screens) {
/// case .paid(let receipt): …
/// case .notPaid(let reason): …
/// case .cancelled: …
/// case .unresolved(let institution, let payOrderNo): …  // later: msgpay.resolve(…)
/// }
/// ```
/// It may be used from any thread and any actor.
public final class MsgPay: Sendable {
  private let native: NativeMsgPay
  let transport: any Transport
  private let lane = Lane("door")

  /// The ids of the configured institutions.
  public let institutions: [String]

  private init(native: NativeMsgPay, transport: any Transport, institutions: [String]) {
    self.native = native
    self.transport = transport
    self.institutions = institutions
  }

  /// Reads the configuration and takes the capabilities of the phone. Nothing is sent.
  ///
  /// - Parameter transport: Makes the transport from the institutions' pins; nothing for the library's own.
  /// - Throws: `.config`; `.host(.system)`.
  public static func open(
    _ config: MsgPayConfig, phone: Phone, transport: (@Sendable ([Pins]) throws -> any Transport)? = nil
  ) async throws(MsgPayError) -> MsgPay {
    try await Lane("open").run {
      let read = try config.read()
      let chosen = try transport?(read.pins()) ?? libraryTransport(read)
      let native = try NativeMsgPay.open(config: read, phone: phone)
      return MsgPay(native: native, transport: chosen, institutions: read.institutions())
    }
  }

  /// Begins to pay by a card's `msgpay://` link; nothing has been sent yet. A link that is not genuine is not an error
  /// but the session's outcome.
  ///
  /// - Throws: `.host`.
  public func launch(_ link: String) async throws(MsgPayError) -> Payment {
    Payment(Wire(try await begun { try $0.launch(link: link) }), over: transport)
  }

  /// Begins to ask about an order whose result is not known, also after the process died.
  ///
  /// - Throws: `.call(.nothingOpen)`, `.host`.
  public func resolve(_ payOrderNo: String, at institution: String) async throws(MsgPayError) -> Payment {
    let native = try await begun { try $0.resolve(institution: institution, payOrderNo: payOrderNo) }
    return Payment(Wire(native), over: transport)
  }

  /// After the process died: the session that asks about this order, when a request for it may have paid. Nothing when
  /// none had left: the link can be paid again.
  ///
  /// - Throws: `.host`.
  public func restore(_ payOrderNo: String) async throws(MsgPayError) -> Payment? {
    guard let open = try await unresolved().first(where: { $0.payOrderNo == payOrderNo }) else { return nil }
    return try await resolve(open.payOrderNo, at: open.institution)
  }

  /// The orders whose last request has no verified receipt yet: ask about each by `resolve`.
  ///
  /// - Throws: `.host`.
  public func unresolved() async throws(MsgPayError) -> [OpenPayment] {
    try await begun { try $0.unresolved() }
  }

  /// Begins to activate this handset by the code that the institution gave. Keep the session until it has concluded:
  /// a new one makes a new key, and the code may be spent on the first.
  ///
  /// - Throws: `.call(.unknownInstitution)`, `.host`.
  public func activate(_ institution: String, code: String) async throws(MsgPayError) -> Activation {
    Activation(try await begun { try $0.activate(institution: institution, code: code) }, over: transport)
  }

  /// Begins to set the wallet's password.
  ///
  /// - Throws: `.call(.unknownInstitution)`, `.call(.notActivated)`, `.host`.
  public func setPassword(at institution: String) async throws(MsgPayError) -> PasswordSetup {
    PasswordSetup(Wire(try await begun { try $0.setPassword(institution: institution) }), over: transport)
  }

  /// Begins to enrol a biometric key, by the password.
  ///
  /// - Throws: `.call(.unknownInstitution)`, `.call(.notActivated)`, `.host`.
  public func enrolBiometric(at institution: String) async throws(MsgPayError) -> BiometricEnrolment {
    let native = try await begun { try $0.enrolBiometric(institution: institution) }
    return BiometricEnrolment(Wire(native), over: transport)
  }

  /// Forgets the biometric key of an institution on this handset.
  ///
  /// - Throws: `.host`.
  public func forgetBiometric(at institution: String) async throws(MsgPayError) {
    try await begun { try $0.forgetBiometric(institution: institution) }
  }

  /// Who this handset is at an institution; nothing before activation.
  ///
  /// - Throws: `.host`.
  public func membership(at institution: String) async throws(MsgPayError) -> Membership? {
    try await begun { try $0.membership(institution: institution) }
  }

  func begun<Begun: Sendable>(
    _ begin: @escaping @Sendable (NativeMsgPay) throws -> Begun
  ) async throws(MsgPayError) -> Begun {
    let native = native
    return try await lane.run { try begin(native) }
  }
}
