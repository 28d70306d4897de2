import Foundation

/// Where the links arrive that the system opens the application with: one payment at a time.
///
/// A second link waits for nobody. Were it kept, a payment would rise by itself after another, and be taken for it.
@MainActor
public final class LinkDesk {
  /// What to do with a link.
  public enum Route: Sendable, Equatable {
    /// Pay by it, then call `ended`.
    case pay(PayLink)
    /// It is being paid by already: bring the payment to the front.
    case same
    /// Another payment is under way: nothing happens.
    case busy
    /// It is none of ours.
    case notOurs
  }

  private var paying: PayLink?

  /// Nothing is being paid.
  public init() {}

  /// The system opens the application with this.
  public func open(_ url: URL) -> Route {
    guard let link = PayLink(url) else { return .notOurs }
    if let paying { return paying == link ? .same : .busy }
    paying = link
    return .pay(link)
  }

  /// The payment is over.
  public func ended() {
    paying = nil
  }
}
