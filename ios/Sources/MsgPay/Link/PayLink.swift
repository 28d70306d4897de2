import Foundation

/// A link that asks for a payment, by its form. Any application can fire one: nothing in it is believed before the
/// library has verified the institution's signature.
public struct PayLink: Sendable, Equatable, Hashable {
  /// For `MsgPay.launch` and `MsgPay.pay`.
  public let text: String

  /// Nothing for a link that is another's.
  public init?(_ text: String) {
    guard text.hasPrefix(prefix), text.utf8.count <= bytesMax, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      return nil
    }
    self.text = text
  }

  /// As `init(_:)`, of what the system opens the application with.
  public init?(_ url: URL) {
    self.init(url.absoluteString)
  }
}

private let prefix = "msgpay://v1/pay?"
/// The messaging schemas allow no longer one.
private let bytesMax = 2_048
