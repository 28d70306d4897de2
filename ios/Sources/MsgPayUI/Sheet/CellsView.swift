#if canImport(UIKit)
  import UIKit

  /// A cell for each character, filled by a dot: no caret, no last character.
  @MainActor
  final class CellsView: UIView {
    var cells: SheetFace.Cells? {
      didSet {
        accessibilityLabel = cells?.spoken
        if oldValue?.count != cells?.count { invalidateIntrinsicContentSize() }
        setNeedsDisplay()
      }
    }

    override init(frame: CGRect) {
      super.init(frame: frame)
      backgroundColor = .clear
      contentMode = .redraw
      isAccessibilityElement = true
      accessibilityTraits = .updatesFrequently
    }

    @available(*, unavailable)
    required init?(coder: NSCoder) {
      nil
    }

    override var intrinsicContentSize: CGSize {
      CGSize(width: CGFloat(cells?.count ?? 0) * (side + gap) - gap, height: side)
    }

    override func draw(_ rect: CGRect) {
      guard let cells else { return }
      let width = intrinsicContentSize.width
      for at in 0..<cells.count {
        let cell = CGRect(
          x: (bounds.width - width) / 2 + CGFloat(at) * (side + gap), y: (bounds.height - side) / 2, width: side,
          height: side)
        UIColor.separator.setStroke()
        UIBezierPath(roundedRect: cell.insetBy(dx: 0.5, dy: 0.5), cornerRadius: 8).stroke()
        guard at < cells.filled else { continue }
        UIColor.label.setFill()
        UIBezierPath(ovalIn: cell.insetBy(dx: side / 2 - 5, dy: side / 2 - 5)).fill()
      }
    }

    private let side: CGFloat = 44
    private let gap: CGFloat = 8
  }
#endif
