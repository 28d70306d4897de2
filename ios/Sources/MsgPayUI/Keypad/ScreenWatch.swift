#if canImport(UIKit)
  import MsgPay
  import UIKit

  /// Tells a keypad what happens to the screen that it is drawn on.
  @MainActor
  final class ScreenWatch {
    private var observers: [any NSObjectProtocol] = []

    init(_ noticed: @escaping @MainActor (KeypadDesk.ScreenEvent) -> Void) {
      let events: [(Notification.Name, @MainActor () -> KeypadDesk.ScreenEvent)] = [
        (UIApplication.userDidTakeScreenshotNotification, { .screenshot }),
        (UIScreen.capturedDidChangeNotification, { .recorded(UIScreen.main.isCaptured) }),
        (UIApplication.willResignActiveNotification, { .hidden }),
        (UIApplication.didBecomeActiveNotification, { .shown }),
      ]
      observers = events.map { name, event in
        NotificationCenter.default.addObserver(forName: name, object: nil, queue: .main) { _ in
          MainActor.assumeIsolated { noticed(event()) }
        }
      }
    }

    /// To be called before the last reference goes.
    func end() {
      for observer in observers { NotificationCenter.default.removeObserver(observer) }
      observers = []
    }

    /// How the screen is now, for a keypad that has heard of nothing yet: a request may have been answered behind a
    /// screen that is recorded, or while the application is not in front.
    static var now: [KeypadDesk.ScreenEvent] {
      [.recorded(UIScreen.main.isCaptured), UIApplication.shared.applicationState == .active ? .shown : .hidden]
    }

    /// What a view of iOS can promise. Screens that are recorded are covered; a screenshot is known only afterwards, and
    /// that is said to the institution. No other application can lay a window over this one.
    static var surface: Surface {
      Surface(
        captureBlocked: false, obscuredTouchesFiltered: true, noTextField: true, nothingKept: true,
        audioPrivate: false)
    }
  }
#endif
