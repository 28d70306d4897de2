import MsgPay

/// What a bridge needs of a web view and of the screen above it. `WebViewBridge` is the real one.
@MainActor
public protocol PageHost: AnyObject {
  /// Hands a text to the page; only called while its document is the one in the web view.
  func tell(_ message: PageMessage)
  /// Shows a payment above the page. The page stays usable: it confirms.
  func show(_ sheet: SheetDesk)
  /// Takes it away.
  func hide(_ sheet: SheetDesk)
}

/// What stands behind a web view's bridge: takes the page's texts in order, counts documents, and drives the payments
/// that pages begin, each in a sheet of its own.
@MainActor
public final class BridgeDesk {
  /// Gets each payment's outcome, or what a programmer has to mend.
  public var onEnded: (@MainActor (Result<Outcome, any Error>) -> Void)?

  private let bridge: PageBridge
  private let makeSheet: @MainActor () -> SheetDesk
  private weak var host: (any PageHost)?
  private var document: UInt64 = 0
  private var sheet: SheetDesk?
  private var last: Task<Void, Never>?

  /// - Parameters:
  ///   - origins: Pages that may speak; see `MsgPay.bridge`.
  ///   - host: Holds this object.
  /// - Throws: As `MsgPay.bridge`.
  public init(
    _ msgpay: MsgPay, origins: [String], host: any PageHost, surface: Surface, signer: (any BiometricSigner)? = nil,
    words: Words = .preferred, ear: @escaping @MainActor () -> (any PrivateEar)? = { nil }
  ) async throws {
    bridge = try await msgpay.bridge(for: origins)
    self.host = host
    makeSheet = {
      SheetDesk(msgpay, surface: surface, signer: signer, words: words, keypadConfirms: false, ear: ear)
    }
  }

  /// The web view has begun to show another document: what an earlier one had open is turned back.
  public func loaded() {
    document += 1
    inTurn { desk in
      do throws(MsgPayError) { try await desk.bridge.end() } catch { desk.onEnded?(.failure(error)) }
      desk.sheet?.press(.close)
    }
  }

  /// A text of a page, with its sender as the web view tells it.
  ///
  /// - Parameter origin: As `pageOrigin` writes it.
  public func received(_ text: String, from origin: String, isTopLevel: Bool) {
    let sender = PageSender(origin: origin, topLevel: isTopLevel, document: document)
    inTurn { desk in await desk.take(text, from: sender) }
  }

  /// One after another, as they came.
  private func inTurn(_ body: @escaping @MainActor (BridgeDesk) async -> Void) {
    let before = last
    last = Task { [weak self] in
      await before?.value
      guard let self else { return }
      await body(self)
    }
  }

  private func take(_ text: String, from sender: PageSender) async {
    do throws(MsgPayError) {
      switch try await bridge.receive(text, from: sender) {
      case .nothing, .ignored, .end: break
      case .begin(let payment): begin(payment)
      case .wiped: sheet?.wiped()
      case .left: sheet?.press(.close)
      }
      flush()
    } catch {
      onEnded?(.failure(error))
    }
  }

  private func begin(_ payment: Payment) {
    if let sheet {
      host?.hide(sheet)
      sheet.leave()
    }
    let sheet = makeSheet()
    self.sheet = sheet
    sheet.onKeypad = { [weak self] in self?.flush() }
    host?.show(sheet)
    Task {
      let ended: Result<Outcome, any Error>
      do { ended = .success(try await sheet.resume(payment)) } catch { ended = .failure(error) }
      if self.sheet === sheet {
        self.sheet = nil
        host?.hide(sheet)
      }
      flush()
      onEnded?(ended)
    }
  }

  /// Hands over what the page is to be told. A text for a document that is gone goes nowhere.
  private func flush() {
    do throws(MsgPayError) {
      for message in try bridge.messages() where message.document == document { host?.tell(message) }
    } catch {
      onEnded?(.failure(error))
    }
  }
}

/// The origin of a document in the form of the list, from the parts that a web view has. The default port is left out.
public func pageOrigin(scheme: String, host: String, port: Int) -> String {
  let isDefault = port == 0 || (scheme == "https" && port == 443)
  return isDefault ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
}
