import Foundation

/// Where the keys of a keypad lie in a view, and which one a touch meets. Places are public: only faces are shuffled.
public struct KeypadLayout: Sendable {
  /// A key and its frame, in points.
  public struct Place: Sendable {
    /// The key.
    public let key: Keypad.Key
    /// From the view's upper left corner.
    public let frame: CGRect
  }

  /// The keys of one page.
  public let places: [Place]

  /// - Parameters:
  ///   - keys: Of all pages.
  ///   - page: Which of them are shown.
  ///   - size: Of the view.
  ///   - gap: Between keys, one pixel of the screen.
  public init(_ keys: [Keypad.Key], page: Int, size: CGSize, gap: CGFloat) {
    let shown = keys.filter { $0.page == page }
    // The columns are those of all pages, so that nothing jumps from page to page.
    let columns = CGFloat(keys.map { $0.column + $0.span }.max() ?? 1)
    let rows = CGFloat((shown.map(\.row).max() ?? 0) + 1)
    let step = CGSize(width: (size.width + gap) / columns, height: (size.height + gap) / rows)
    places = shown.map { key in
      let frame = CGRect(
        x: CGFloat(key.column) * step.width, y: CGFloat(key.row) * step.height,
        width: CGFloat(key.span) * step.width - gap, height: step.height - gap)
      return Place(key: key, frame: frame)
    }
  }

  /// The key under a touch; none in a gap or outside.
  public func key(at point: CGPoint) -> Keypad.Key? {
    places.first { $0.frame.contains(point) }?.key
  }

  /// The height of a keypad in a view of this width: keys of 56 to 64 points, lower ones where a phone lies on its
  /// side, never under the 48 that a finger needs.
  public static func height(rows: Int, width: CGFloat, available: CGFloat) -> CGFloat {
    let wanted = min(64, max(56, width / 6.5))
    let fits = available / CGFloat(max(1, rows))
    return CGFloat(rows) * max(48, min(wanted, fits))
  }

  /// Pixels a side of a face in keys of this height, inside what the library draws.
  public static func facePx(keyHeight: CGFloat, scale: CGFloat) -> UInt16 {
    UInt16(min(512, max(24, (keyHeight * scale * 0.75).rounded())))
  }
}
