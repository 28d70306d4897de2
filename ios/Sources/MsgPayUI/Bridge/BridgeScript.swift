/// What a page finds: `msgpay.postMessage(text)`, and `msgpay.onmessage` for an event whose `data` is a text.
///
/// It runs in the top-level document only, before the page's own scripts, and decides nothing: who may speak is the
/// library's to say, by what the web view tells of the sender.
public enum BridgeScript {
  /// The name under which the web view hears the page.
  public static let channel = "msgpay"

  /// JavaScript for the start of a document.
  public static let source = """
    (() => {
      const handler = window.webkit.messageHandlers.msgpay;
      const msgpay = { onmessage: null, postMessage: (text) => handler.postMessage(String(text)) };
      Object.defineProperty(window, "msgpay", { value: msgpay });
    })();
    """

  /// JavaScript that hands over the argument `text`.
  public static let tell = """
    const heard = window.msgpay && window.msgpay.onmessage;
    if (typeof heard === "function") heard.call(window.msgpay, { data: text });
    """
}
