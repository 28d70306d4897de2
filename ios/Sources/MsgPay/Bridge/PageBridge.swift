import MsgPayFFI

/// A payment page of a web view, and the keypad that it never sees.
///
/// The page begins a payment, confirms it and carries the sealed request away; what it is told is how many characters
/// are typed. It chooses neither amount nor payee. Web views are not spoken to here: see `BridgeDesk`.
public final class PageBridge: Sendable {
  /// What the host does after a message of the page, besides handing over what `messages` gives.
  public enum Reaction: Sendable {
    /// Nothing.
    case nothing
    /// Nothing: the sender is not the top-level document of a listed origin, or was left. It is told nothing.
    case ignored
    /// Takes the screens of an earlier payment away and drives this one, above the page. Its keypad does not confirm.
    case begin(Payment)
    /// Takes the keypad away: the entry was wiped. The session asks for it again.
    case wiped
    /// Takes the screens away, or goes on with what the payment says: a request that the page took along is not known.
    case end
    /// Takes the screens away: the page that opened the entry is gone.
    case left
  }

  private let native: NativeBridge
  private let transport: any Transport
  private let lane = Lane("bridge")
  private let paying = Locked<Payment?>(nil)

  init(_ native: NativeBridge, over transport: any Transport) {
    (self.native, self.transport) = (native, transport)
  }

  /// One message of the web view. May wait for keystore and vault.
  ///
  /// - Throws: `.call(.fromHost)`, `.call(.broken)`.
  public func receive(_ text: String, from sender: PageSender) async throws(MsgPayError) -> Reaction {
    let native = native
    switch try await lane.run({ try native.receive(sender: sender, text: text) }) {
    case .nothing: return .nothing
    case .ignored: return .ignored
    case .wiped: return .wiped
    case .begin(let begun):
      let payment = Payment(Wire(begun), over: transport)
      paying.use { $0 = payment }
      return .begin(payment)
    case .end:
      try await paying.use { $0 }?.answeredByPage()
      return .end
    case .left:
      try await paying.use { $0 }?.answeredByPage()
      return .left
    }
  }

  /// What the page is to be told, the oldest first; each is given once. To be asked for after every call of the bridge,
  /// of its payment and of its keypad.
  ///
  /// - Throws: `.call(.fromHost)`, `.call(.broken)`.
  public func messages() throws(MsgPayError) -> [PageMessage] {
    try calling { try native.messages() }
  }

  /// Takes the payment from the page and wipes what is typed: on back, when the page is left or loaded anew. The
  /// payment's session goes on for the host.
  ///
  /// - Throws: `.call(.fromHost)`, `.call(.broken)`.
  public func end() async throws(MsgPayError) {
    let native = native
    try await lane.run { try native.end() }
  }
}

extension MsgPay {
  /// A bridge for one web view, for the pages of these origins: `https://shop.example`, exact, without wildcards.
  ///
  /// - Throws: `.call(.notAnOrigin)`.
  public func bridge(for origins: [String]) async throws(MsgPayError) -> PageBridge {
    let transport = transport
    return try await begun { PageBridge(try $0.bridge(origins: origins), over: transport) }
  }
}
