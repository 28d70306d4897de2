#if canImport(SwiftUI) && canImport(UIKit)
  import MsgPay
  import SwiftUI
  import UIKit

  /// The keypad for SwiftUI.
  public struct MsgPayKeypad: UIViewRepresentable {
    private let entry: Entry
    private let count: Binding<Int>
    private let sealed: (SealedEntry) -> Void
    private let failed: (MsgPayError) -> Void

    /// - Parameters:
    ///   - count: How many characters are typed.
    ///   - sealed: Gets the typed entry, for `Entry.entered`.
    ///   - failed: For the programmer.
    public init(
      _ entry: Entry, count: Binding<Int>, sealed: @escaping (SealedEntry) -> Void,
      failed: @escaping (MsgPayError) -> Void
    ) {
      (self.entry, self.count, self.sealed, self.failed) = (entry, count, sealed, failed)
    }

    public func makeUIView(context: Context) -> MsgPayKeypadView {
      let view = MsgPayKeypadView()
      connect(view)
      view.show(entry)
      context.coordinator.shown = entry
      return view
    }

    public func updateUIView(_ view: MsgPayKeypadView, context: Context) {
      connect(view)
      guard context.coordinator.shown !== entry else { return }
      context.coordinator.shown = entry
      view.show(entry)
    }

    public static func dismantleUIView(_ view: MsgPayKeypadView, coordinator: Coordinator) {
      view.close()
    }

    public func makeCoordinator() -> Coordinator {
      Coordinator()
    }

    /// Remembers which entry is shown.
    public final class Coordinator {
      var shown: Entry?
    }

    private func connect(_ view: MsgPayKeypadView) {
      view.onSealed = sealed
      view.onError = failed
      view.onChange = { [count, weak view] _ in count.wrappedValue = view?.count ?? 0 }
    }
  }
#endif
