import MsgPay
import MsgPayUI
import SwiftUI

/// A messaging application with one Chatbot, whose cards can be paid.
@main
struct ChatApp: App {
  @StateObject private var wallet = Wallet()

  var body: some Scene {
    WindowGroup {
      NavigationView { ChatView() }
        .navigationViewStyle(.stack)
        .environmentObject(wallet)
        .task { await wallet.open() }
        // A card of another application's, or of this one's notification.
        .onOpenURL { wallet.route($0) }
        .msgPaySheet($wallet.paying, with: wallet.msgpay) { wallet.ended($0) }
    }
  }
}
