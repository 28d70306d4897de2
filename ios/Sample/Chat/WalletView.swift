import MsgPay
import MsgPayUI
import SwiftUI

/// Once for a phone: the institution's code, then a password. It shows how a screen of one's own goes through the steps.
struct WalletView: View {
  @EnvironmentObject private var wallet: Wallet
  @State private var code = ""
  @State private var entry: Entry?
  @State private var review: ReviewStep<PasswordReview>?
  @State private var count = 0
  @State private var says = ""
  @State private var setting: Task<Void, Never>?

  private let words = Words.preferred

  var body: some View {
    VStack(spacing: 16) {
      if let entry {
        Text(words.title(entry.purpose)).font(.headline)
        Text(words.note(entry.purpose)).font(.subheadline).foregroundColor(.secondary)
        Text(String(repeating: "●", count: count)).accessibilityLabel(words.entered(count, of: 6))
        MsgPayKeypad(entry, count: $count) { sealed in
          attempt { try entry.entered(sealed) }
        } failed: { error in
          says = "\(error)"
        }
        .frame(height: 240)
      } else if let review {
        Text("\(review.review.institutionName) · \(review.review.mobileMasked)")
        Button("设置支付密码") { attempt { try review.accept() } }
      } else if wallet.membership == nil {
        TextField("激活码", text: $code).textFieldStyle(.roundedBorder)
        Button("激活") { Task { await activate() } }
      } else {
        Button("设置支付密码") { setting = Task { await setPassword() } }
      }
      Text(says).font(.footnote)
    }
    .padding(16)
    // Leaving turns back: the task's cancellation reaches the session.
    .onDisappear { setting?.cancel() }
  }

  /// A programmer's mistake is shown in a sample.
  private func attempt(_ body: () throws -> Void) {
    do { try body() } catch { says = "\(error)" }
  }

  private func activate() async {
    do {
      guard let outcome = try await wallet.activate(code) else { return }
      switch outcome {
      case .activated: says = "已激活"
      case .notActivated(let reason): says = words.what(reason.why, of: .activation)
      }
    } catch {
      says = "\(error)"
    }
  }

  private func setPassword() async {
    guard let msgpay = wallet.msgpay, let institution = wallet.institution else { return }
    do {
      for try await step in try await msgpay.setPassword(at: institution).steps {
        (review, entry, count) = (nil, nil, 0)
        switch step {
        case .review(let step): review = step
        case .enterPassword(let asked): entry = asked
        case .concluded(.set): says = "已设置"
        case .concluded(.notSet(let reason)): says = words.what(reason.why, of: .password)
        case .concluded(.cancelled), .concluded(.unresolved): says = "未完成，可再次设置"
        case .confirmBiometric, .working, .unresolved: break
        }
      }
    } catch {
      says = "\(error)"
    }
  }
}
