// The shapes of WebKit's declarations that this package uses; see UIKit.swift.
import UIKit

@MainActor
open class WKWebView: UIView {
  open var configuration: WKWebViewConfiguration { WKWebViewConfiguration() }
  open var url: URL? { nil }
  open func callAsyncJavaScript(
    _ source: String, arguments: [String: Any] = [:], in frame: WKFrameInfo? = nil, in world: WKContentWorld,
    completionHandler: (@MainActor @Sendable (Result<Any, any Error>) -> Void)? = nil
  ) {}
}

@MainActor
open class WKWebViewConfiguration: NSObject {
  open var userContentController: WKUserContentController { WKUserContentController() }
}

@MainActor
open class WKUserContentController: NSObject {
  open func addUserScript(_ script: WKUserScript) {}
  open func add(_ handler: any WKScriptMessageHandler, name: String) {}
  open func removeScriptMessageHandler(forName name: String) {}
}

@MainActor
open class WKUserScript: NSObject {
  public init(source: String, injectionTime: WKUserScriptInjectionTime, forMainFrameOnly: Bool) {}
}

public enum WKUserScriptInjectionTime: Int { case atDocumentStart }

@MainActor
open class WKContentWorld: NSObject {
  public class var page: WKContentWorld { WKContentWorld() }
}

@MainActor
public protocol WKScriptMessageHandler: NSObjectProtocol {
  func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage)
}

@MainActor
open class WKScriptMessage: NSObject {
  open var body: Any { "" }
  open var frameInfo: WKFrameInfo { WKFrameInfo() }
  open var webView: WKWebView? { nil }
}

@MainActor
open class WKFrameInfo: NSObject {
  open var isMainFrame: Bool { true }
  open var securityOrigin: WKSecurityOrigin { WKSecurityOrigin() }
}

@MainActor
open class WKSecurityOrigin: NSObject {
  open var `protocol`: String { "" }
  open var host: String { "" }
  open var port: Int { 0 }
}
