import MsgPay
import SwiftUI

/// The chat with the Chatbot.
struct ChatView: View {
  @EnvironmentObject private var wallet: Wallet
  @State private var showsWallet = false

  var body: some View {
    ScrollView {
      VStack(alignment: .leading, spacing: 12) {
        Bubble(text: "您好，您的订单已备好。")
        PayCard(card: .sample) { wallet.route($0) }
        ForEach(wallet.said.indices, id: \.self) { at in Bubble(text: wallet.said[at], isMine: true) }
        ForEach(wallet.pending, id: \.payOrderNo) { open in
          PendingRow(payOrderNo: open.payOrderNo) { Task { await wallet.ask(open) } }
        }
      }
      .padding(16)
    }
    .navigationTitle("青禾咖啡")
    .navigationBarTitleDisplayMode(.inline)
    .toolbar {
      Button("钱包") { showsWallet = true }
    }
    .sheet(isPresented: $showsWallet) { WalletView() }
  }
}

/// A message.
private struct Bubble: View {
  let text: String
  var isMine = false

  var body: some View {
    Text(text)
      .padding(.horizontal, 14)
      .padding(.vertical, 10)
      .background(isMine ? Color.accentColor.opacity(0.15) : Color(.secondarySystemBackground))
      .clipShape(RoundedRectangle(cornerRadius: 16))
      .frame(maxWidth: .infinity, alignment: isMine ? .trailing : .leading)
  }
}

/// A payment whose result is not known: it is asked about, never paid again.
private struct PendingRow: View {
  let payOrderNo: String
  let ask: () -> Void

  var body: some View {
    HStack {
      VStack(alignment: .leading) {
        Text("结果确认中，请勿重复付款").font(.subheadline)
        Text(payOrderNo).font(.caption).foregroundColor(.secondary)
      }
      Spacer()
      Button("查询结果", action: ask)
    }
  }
}
