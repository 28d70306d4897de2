#if canImport(SwiftUI) && canImport(UIKit)
  import MsgPay
  import SwiftUI
  import UIKit

  extension View {
    /// Pays in the sheet while `link` is set; sets it back when the sheet is gone.
    ///
    /// - Parameter ended: Gets the outcome, or what a programmer has to mend.
    public func msgPaySheet(
      _ link: Binding<PayLink?>, with msgpay: MsgPay?, ended: @escaping (Result<Outcome, any Error>) -> Void
    ) -> some View {
      background(SheetAnchor(link: link, msgpay: msgpay, ended: ended))
    }
  }

  /// A view without size, from whose controller the sheet rises.
  private struct SheetAnchor: UIViewControllerRepresentable {
    let link: Binding<PayLink?>
    let msgpay: MsgPay?
    let ended: (Result<Outcome, any Error>) -> Void

    func makeUIViewController(context: Context) -> UIViewController {
      UIViewController()
    }

    func updateUIViewController(_ controller: UIViewController, context: Context) {
      guard let link = link.wrappedValue, let msgpay, !context.coordinator.isPaying else { return }
      context.coordinator.isPaying = true
      Task { @MainActor in
        let outcome: Result<Outcome, any Error>
        do {
          outcome = .success(try await msgpay.pay(link.text, presentingFrom: controller))
        } catch {
          outcome = .failure(error)
        }
        context.coordinator.isPaying = false
        self.link.wrappedValue = nil
        // The last: it may set another link.
        ended(outcome)
      }
    }

    func makeCoordinator() -> Coordinator {
      Coordinator()
    }

    @MainActor
    final class Coordinator {
      var isPaying = false
    }
  }
#endif
