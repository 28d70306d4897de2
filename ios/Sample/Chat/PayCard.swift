import Foundation
import SwiftUI

/// A card of the Chatbot's with a button to pay: its link is the operator's message, byte for byte.
struct Card {
  let title: String
  let lines: String
  let link: String

  /// Put a link here that your platform has made; the words are the merchant's own and prove nothing.
  static let sample = Card(title: "燕麦拿铁", lines: "大杯 · 热", link: "msgpay://v1/pay?o=…&tk=…")
}

/// The card as the chat draws it.
struct PayCard: View {
  let card: Card
  let pay: (URL) -> Void

  var body: some View {
    VStack(alignment: .leading, spacing: 0) {
      VStack(alignment: .leading, spacing: 4) {
        Text(card.title).font(.headline)
        Text(card.lines).font(.subheadline).foregroundColor(.secondary).lineLimit(2)
      }
      .padding(16)
      Divider()
      Button("去支付") {
        if let url = URL(string: card.link) { pay(url) }
      }
      .frame(maxWidth: .infinity, minHeight: 48)
    }
    .frame(width: 300)
    .background(Color(.secondarySystemBackground))
    .clipShape(RoundedRectangle(cornerRadius: 16))
  }
}
