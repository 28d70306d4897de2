#if canImport(WebKit) && canImport(UIKit)
  import MsgPay
  import UIKit
  import WebKit

  /// The bridge of one web view. To be made before the web view loads its first page, and kept as long as it.
  ///
  /// Call `loaded` from the navigation delegate's `didCommit`.
  @MainActor
  public final class WebViewBridge: NSObject, WKScriptMessageHandler, PageHost {
    private weak var webView: WKWebView?
    private weak var presenter: UIViewController?
    private var desk: BridgeDesk?
    private var shown: MsgPaySheet?
    /// This one, while a sheet is up: somebody has to take it away, also when nobody else keeps the bridge any more.
    private var kept: WebViewBridge?
    /// Sheets come and go one after another.
    private var moving: Task<Void, Never>?

    /// - Parameters:
    ///   - origins: Pages that may speak, such as `https://shop.example`.
    ///   - presenter: Shows the web view.
    ///   - ended: Gets each payment's outcome.
    /// - Throws: `.call(.notAnOrigin)`.
    public init(
      _ webView: WKWebView, origins: [String], with msgpay: MsgPay, presentingFrom presenter: UIViewController,
      signer: (any BiometricSigner)? = EnclaveSigner(),
      ended: @escaping @MainActor (Result<Outcome, any Error>) -> Void
    ) async throws {
      (self.webView, self.presenter) = (webView, presenter)
      super.init()
      let desk = try await BridgeDesk(
        msgpay, origins: origins, host: self, surface: MsgPayKeypadView.surface, signer: signer,
        ear: MsgPayKeypadView.ear)
      desk.onEnded = ended
      self.desk = desk
      let content = webView.configuration.userContentController
      content.addUserScript(
        WKUserScript(source: BridgeScript.source, injectionTime: .atDocumentStart, forMainFrameOnly: true))
      // Of an earlier bridge of this web view: a second one of the same name ends the process.
      content.removeScriptMessageHandler(forName: BridgeScript.channel)
      content.add(Weak(self), name: BridgeScript.channel)
    }

    /// The web view has begun to show another document.
    public func loaded() {
      desk?.loaded()
    }

    public func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
      guard message.webView === webView, let text = message.body as? String else { return }
      let origin = message.frameInfo.securityOrigin
      desk?.received(
        text, from: pageOrigin(scheme: origin.protocol, host: origin.host, port: origin.port),
        isTopLevel: message.frameInfo.isMainFrame)
    }

    public func tell(_ message: PageMessage) {
      guard let webView, let url = webView.url, let scheme = url.scheme, let host = url.host,
        pageOrigin(scheme: scheme, host: host, port: url.port ?? 0) == message.origin
      else { return }
      webView.callAsyncJavaScript(
        BridgeScript.tell, arguments: ["text": message.text], in: nil, in: .page, completionHandler: nil)
    }

    public func show(_ sheet: SheetDesk) {
      let controller = MsgPaySheet(sheet)
      // The page confirms: it stays in reach beside the sheet.
      controller.sheetPresentationController?.detents = [.medium()]
      controller.sheetPresentationController?.largestUndimmedDetentIdentifier = .medium
      (shown, kept) = (controller, self)
      inTurn { [weak presenter] in
        guard let presenter, MsgPaySheet.canRise(over: presenter) else { return sheet.leave() }
        await controller.rise(over: presenter)
      }
    }

    public func hide(_ sheet: SheetDesk) {
      guard let shown, shown.desk === sheet else { return }
      (self.shown, kept) = (nil, nil)
      inTurn { await shown.sink() }
    }

    private func inTurn(_ move: @escaping @MainActor () async -> Void) {
      let before = moving
      moving = Task {
        await before?.value
        await move()
      }
    }
  }

  /// A web view keeps its handlers; this one does not keep the bridge.
  @MainActor
  private final class Weak: NSObject, WKScriptMessageHandler {
    private weak var bridge: WebViewBridge?

    init(_ bridge: WebViewBridge) {
      self.bridge = bridge
    }

    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
      bridge?.userContentController(controller, didReceive: message)
    }
  }
#endif
