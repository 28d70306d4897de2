#if canImport(UIKit)
  import MsgPay
  import UIKit

  /// Tells a keypad what happens to the screen that it is drawn on.
  @MainActor
  final class ScreenWatch {
    /// What there is to notice.
    enum Event {
      /// A screenshot was taken.
      case screenshot
      /// Recording, mirroring or casting began or ended.
      case recording
      /// The application is no longer in front: its picture goes into the app switcher.
      case hidden
      /// It is in front again.
      case shown
    }

    private var observers: [any NSObjectProtocol] = []

    init(_ noticed: @escaping @MainActor (Event) -> Void) {
      let events: [(Notification.Name, Event)] = [
        (UIApplication.userDidTakeScreenshotNotification, .screenshot),
        (UIScreen.capturedDidChangeNotification, .recording),
        (UIApplication.willResignActiveNotification, .hidden),
        (UIApplication.didBecomeActiveNotification, .shown),
      ]
      observers = events.map { name, event in
        NotificationCenter.default.addObserver(forName: name, object: nil, queue: .main) { _ in
          MainActor.assumeIsolated { noticed(event) }
        }
      }
    }

    /// To be called before the last reference goes.
    func end() {
      for observer in observers { NotificationCenter.default.removeObserver(observer) }
      observers = []
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
