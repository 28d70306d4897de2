#if canImport(UIKit)
  import MsgPay
  import UIKit

  /// The pay sheet: rises over the chat, shows order, keypad and end, and goes. What it shows is `SheetDesk`'s.
  @MainActor
  public final class MsgPaySheet: UIViewController, UIAdaptivePresentationControllerDelegate {
    /// What stands behind it.
    public let desk: SheetDesk

    private let scroll = UIScrollView()
    private let column = UIStackView()
    private let halves = UIStackView()
    private let heading = SheetStyle.label(.headline)
    private let mark = UIImageView()
    private let spinner = UIActivityIndicatorView(style: .medium)
    private let amount = SheetStyle.label(.largeTitle)
    private let headline = SheetStyle.label(.headline)
    private let advice = SheetStyle.label(.subheadline, .secondaryLabel)
    private let lines = UIStackView()
    private let cells = CellsView()
    private let note = SheetStyle.label(.footnote, SheetStyle.amber)
    private let primary = UIButton(type: .system)
    private let corner = UIButton(type: .close)
    private let keypad = MsgPayKeypadView()
    private var typing: KeypadDesk?
    private var drawn: SheetFace?

    /// Of a desk whose payment runs elsewhere; `MsgPay.pay(_:presentingFrom:)` does both.
    public init(_ desk: SheetDesk) {
      self.desk = desk
      super.init(nibName: nil, bundle: nil)
      modalPresentationStyle = .pageSheet
      if let sheet = sheetPresentationController {
        sheet.detents = [.medium(), .large()]
        sheet.preferredCornerRadius = SheetStyle.sheetCorner
      }
    }

    @available(*, unavailable)
    public required init?(coder: NSCoder) {
      nil
    }

    public override func viewDidLoad() {
      super.viewDidLoad()
      view.backgroundColor = .systemBackground
      view.tintColor = SheetStyle.accent
      presentationController?.delegate = self
      build()
      desk.onChange = { [weak self] in self?.draw() }
      keypad.onSealed = { [desk] sealed in desk.entered(sealed) }
      keypad.onChange = { [desk] change in
        if case .sealed = change { return }
        desk.changed(change)
      }
      keypad.onError = { [desk] error in desk.failed(error) }
      draw()
    }

    /// Whether a sheet may rise from here: a second one, from a finger that taps twice, does not.
    static func canRise(over presenter: UIViewController) -> Bool {
      presenter.viewIfLoaded?.window != nil && presenter.presentedViewController == nil
    }

    /// Rises; comes back when it has.
    func rise(over presenter: UIViewController) async {
      await withCheckedContinuation { risen in
        presenter.present(self, animated: !UIAccessibility.isReduceMotionEnabled) { risen.resume() }
      }
    }

    /// Goes, with whatever lies over it; comes back when it is gone. Only once it has risen: UIKit drops a dismissal that
    /// comes before.
    func sink() async {
      guard let below = presentingViewController, !isBeingDismissed else { return }
      await withCheckedContinuation { gone in
        below.dismiss(animated: !UIAccessibility.isReduceMotionEnabled) { gone.resume() }
      }
    }

    /// The application has taken it away, or what it stood on.
    public override func viewDidDisappear(_ animated: Bool) {
      super.viewDidDisappear(animated)
      if isBeingDismissed || presentingViewController?.isBeingDismissed ?? true { desk.leave() }
    }

    /// Swiped away is turned back; an end that matters is shown first.
    public func presentationControllerShouldDismiss(_ presentationController: UIPresentationController) -> Bool {
      desk.press(.close)
      return false
    }

    public override func traitCollectionDidChange(_ previous: UITraitCollection?) {
      super.traitCollectionDidChange(previous)
      arrange()
    }

    private func build() {
      amount.font = SheetStyle.amountFont()
      for label in [amount, headline, advice, note] { label.textAlignment = .center }
      mark.contentMode = .center
      mark.preferredSymbolConfiguration = UIImage.SymbolConfiguration(pointSize: 44, weight: .light)
      lines.axis = .vertical
      lines.spacing = 12
      column.axis = .vertical
      column.spacing = 12
      for part in [mark, spinner, amount, headline, advice, lines, cells, note] { column.addArrangedSubview(part) }
      scroll.addSubview(column)
      primary.titleLabel?.font = .preferredFont(forTextStyle: .headline)
      primary.titleLabel?.adjustsFontForContentSizeCategory = true
      primary.backgroundColor = SheetStyle.accent
      primary.setTitleColor(SheetStyle.onAccent, for: .normal)
      primary.layer.cornerRadius = SheetStyle.corner
      primary.addAction(UIAction { [weak self] _ in self?.pressPrimary() }, for: .primaryActionTriggered)
      corner.addAction(UIAction { [desk] _ in desk.press(.close) }, for: .primaryActionTriggered)
      let shield = UIImageView(image: UIImage(systemName: "checkmark.shield"))
      shield.setContentHuggingPriority(.required, for: .horizontal)
      let header = UIStackView(arrangedSubviews: [shield, heading, corner])
      header.spacing = 8
      header.alignment = .center
      halves.spacing = 12
      for part in [scroll, primary, keypad] { halves.addArrangedSubview(part) }
      let all = UIStackView(arrangedSubviews: [header, halves])
      all.axis = .vertical
      all.spacing = 12
      for part in [all, column] { part.translatesAutoresizingMaskIntoConstraints = false }
      view.addSubview(all)
      let safe = view.safeAreaLayoutGuide
      NSLayoutConstraint.activate([
        all.topAnchor.constraint(equalTo: safe.topAnchor, constant: SheetStyle.margin),
        all.leadingAnchor.constraint(equalTo: safe.leadingAnchor, constant: SheetStyle.margin),
        all.trailingAnchor.constraint(equalTo: safe.trailingAnchor, constant: -SheetStyle.margin),
        all.bottomAnchor.constraint(equalTo: safe.bottomAnchor, constant: -SheetStyle.margin),
        column.topAnchor.constraint(equalTo: scroll.contentLayoutGuide.topAnchor),
        column.bottomAnchor.constraint(equalTo: scroll.contentLayoutGuide.bottomAnchor),
        column.leadingAnchor.constraint(equalTo: scroll.frameLayoutGuide.leadingAnchor),
        column.trailingAnchor.constraint(equalTo: scroll.frameLayoutGuide.trailingAnchor),
        primary.heightAnchor.constraint(greaterThanOrEqualToConstant: SheetStyle.buttonHeight),
      ])
      arrange()
    }

    /// A phone on its side has the keypad beside the words.
    private func arrange() {
      halves.axis = traitCollection.verticalSizeClass == .compact ? .horizontal : .vertical
      halves.distribution = halves.axis == .horizontal ? .fillEqually : .fill
    }

    private func draw() {
      let face = desk.face
      heading.text = face.title
      corner.accessibilityLabel = face.close.title
      set(amount, face.amount)
      set(headline, face.headline)
      set(advice, face.advice)
      set(note, face.note)
      drawMark(face.mark)
      for line in lines.arrangedSubviews { line.removeFromSuperview() }
      for line in face.lines { lines.addArrangedSubview(row(line)) }
      lines.isHidden = face.lines.isEmpty
      cells.cells = face.cells
      cells.isHidden = face.cells == nil
      primary.isHidden = face.primary == nil
      primary.setTitle(face.primary?.title, for: .normal)
      drawKeypad()
      announce(face)
    }

    /// Another page takes VoiceOver to its beginning. A word about the entry is said without leaving the key.
    private func announce(_ face: SheetFace) {
      if face.headline != drawn?.headline || face.advice != drawn?.advice {
        UIAccessibility.post(notification: .screenChanged, argument: face.spoken)
      } else if let note = face.note, note != drawn?.note {
        UIAccessibility.post(notification: .announcement, argument: note)
      }
      drawn = face
    }

    private func drawKeypad() {
      guard case .keypad(let desk) = desk.page else {
        typing = nil
        keypad.isHidden = true
        return keypad.close()
      }
      keypad.isHidden = false
      guard typing !== desk else { return }
      typing = desk
      keypad.show(desk)
    }

    private func drawMark(_ sign: SheetFace.Mark) {
      if sign == .busy { spinner.startAnimating() } else { spinner.stopAnimating() }
      let name: String? =
        switch sign {
        case .none, .busy: nil
        case .tick: "checkmark.circle"
        case .dash: "minus.circle"
        case .clock: "clock"
        }
      mark.image = name.flatMap { UIImage(systemName: $0) }
      mark.tintColor = sign == .clock ? SheetStyle.amber : sign == .tick ? SheetStyle.accent : .secondaryLabel
      mark.isHidden = name == nil
    }

    private func row(_ line: SheetFace.Line) -> UIView {
      let name = SheetStyle.label(.subheadline, .secondaryLabel)
      let value = SheetStyle.label(.subheadline)
      (name.text, value.text) = (line.name, line.value)
      value.textAlignment = .right
      let row = UIStackView(arrangedSubviews: [name, value])
      row.spacing = 12
      // Large type puts the value under its name.
      row.axis = traitCollection.preferredContentSizeCategory.isAccessibilityCategory ? .vertical : .horizontal
      return row
    }

    private func set(_ label: UILabel, _ text: String?) {
      label.text = text
      label.isHidden = text == nil
    }

    private func pressPrimary() {
      if let primary = desk.face.primary { desk.press(primary.action) }
    }
  }
#endif
