#if canImport(UIKit)
  import UIKit

  /// Colours, spaces and type of the sheet; light and dark by themselves.
  enum SheetStyle {
    static let accent = UIColor { traits in
      traits.userInterfaceStyle == .dark ? colour(0x3CCB9B) : colour(0x0A7A5A)
    }
    static let amber = UIColor { traits in
      traits.userInterfaceStyle == .dark ? colour(0xE8B04A) : colour(0x8A5A00)
    }
    static let onAccent = UIColor { traits in
      traits.userInterfaceStyle == .dark ? colour(0x06251B) : .white
    }
    static let margin: CGFloat = 16
    static let corner: CGFloat = 12
    static let sheetCorner: CGFloat = 24
    static let buttonHeight: CGFloat = 50

    /// The amount, in figures of one width.
    static func amountFont() -> UIFont {
      UIFontMetrics(forTextStyle: .largeTitle).scaledFont(for: .monospacedDigitSystemFont(ofSize: 40, weight: .light))
    }

    @MainActor
    static func label(_ style: UIFont.TextStyle, _ colour: UIColor = .label) -> UILabel {
      let label = UILabel()
      label.font = .preferredFont(forTextStyle: style)
      label.adjustsFontForContentSizeCategory = true
      label.textColor = colour
      label.numberOfLines = 0
      return label
    }

    private static func colour(_ rgb: Int) -> UIColor {
      UIColor(
        red: CGFloat(rgb >> 16 & 0xff) / 255, green: CGFloat(rgb >> 8 & 0xff) / 255, blue: CGFloat(rgb & 0xff) / 255,
        alpha: 1)
    }
  }
#endif
