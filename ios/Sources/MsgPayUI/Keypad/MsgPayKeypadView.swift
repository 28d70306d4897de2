#if canImport(UIKit)
  import MsgPay
  import UIKit

  /// The keypad: draws faces, turns a touch into a press, and forgets both. Its logic is `KeypadDesk`'s.
  ///
  /// It wipes the entry when the application leaves the foreground, the view goes away or changes its size, and when the
  /// screen is recorded, mirrored or photographed; while it is recorded it stays covered. No key lights up, clicks or
  /// shakes. For VoiceOver the shuffled keys carry one and the same name: nobody hears a digit.
  @MainActor
  public final class MsgPayKeypadView: UIView {
    /// The entry is typed. To be handed to `Entry.entered`.
    public var onSealed: ((SealedEntry) -> Void)?
    /// The number of characters has changed, or something is to be said of the entry.
    public var onChange: ((KeypadDesk.Change) -> Void)?
    /// How many characters are typed.
    public var count: Int { desk?.count ?? 0 }
    /// The keypad does not open, or is used in a wrong way: for the programmer.
    public var onError: ((MsgPayError) -> Void)?

    private var desk: KeypadDesk?
    private var watch: ScreenWatch?
    private var idle: Timer?
    private let words = Words(preferred: Locale.preferredLanguages)
    private let cover = UILabel()
    private var drawnSize = CGSize.zero

    public override init(frame: CGRect) {
      super.init(frame: frame)
      backgroundColor = .secondarySystemBackground
      isMultipleTouchEnabled = false
      contentMode = .redraw
      cover.textAlignment = .center
      cover.numberOfLines = 0
      cover.font = .preferredFont(forTextStyle: .callout)
      cover.adjustsFontForContentSizeCategory = true
      cover.backgroundColor = .secondarySystemBackground
      cover.isHidden = true
      addSubview(cover)
    }

    @available(*, unavailable)
    public required init?(coder: NSCoder) {
      nil
    }

    /// What a view of iOS can promise of itself.
    public static var surface: Surface { ScreenWatch.surface }

    /// The ear for whoever explores the screen by VoiceOver.
    public static func ear() -> (any PrivateEar)? {
      UIAccessibility.isVoiceOverRunning ? SystemEar() : nil
    }

    /// Shows the keypad of an entry; one that is shown is wiped.
    public func show(_ entry: Entry) {
      show(KeypadDesk(entry, surface: ScreenWatch.surface, ear: Self.ear()))
    }

    /// Shows a keypad that somebody else looks after too.
    public func show(_ desk: KeypadDesk) {
      self.desk?.wipe()
      self.desk = desk
      desk.onRoute = { [weak self] in self?.rerouted() }
      idle?.invalidate()
      idle = Timer.scheduledTimer(withTimeInterval: 1, repeats: true) { [weak self] _ in
        MainActor.assumeIsolated { self?.tick() }
      }
      if watch == nil { watch = ScreenWatch { [weak self] event in self?.noticed(event) } }
      // What nobody tells of, since it was so before.
      for event in ScreenWatch.now { run { () throws(MsgPayError) in try desk.noticed(event) } }
      open()
    }

    /// Wipes, and draws nothing any more.
    public func close() {
      desk?.wipe()
      desk = nil
      rest()
      changed()
    }

    /// Out of sight the entry is wiped and nothing is listened to; back in sight, a new layout opens.
    public override func didMoveToWindow() {
      super.didMoveToWindow()
      if window == nil {
        desk?.wipe()
        rest()
        changed()
      } else if let desk {
        show(desk)
      }
    }

    private func rest() {
      idle?.invalidate()
      idle = nil
      watch?.end()
      watch = nil
    }

    public override func layoutSubviews() {
      super.layoutSubviews()
      cover.frame = bounds
      // A turned phone: the layout is another one.
      if desk != nil, bounds.size != drawnSize { open() }
    }

    public override var intrinsicContentSize: CGSize {
      let available = (window?.bounds.height ?? UIScreen.main.bounds.height) * 0.5
      let height = KeypadLayout.height(rows: 4, width: bounds.width, available: available)
      return CGSize(width: UIView.noIntrinsicMetric, height: height)
    }

    public override func touchesBegan(_ touches: Set<UITouch>, with event: UIEvent?) {
      guard let touch = touches.first, let key = layout()?.key(at: touch.location(in: self)) else { return }
      press(key)
    }

    public override func draw(_ rect: CGRect) {
      guard let keypad = desk?.keypad, let layout = layout() else { return }
      guard let context = UIGraphicsGetCurrentContext() else { return }
      UIColor.label.setFill()
      for place in layout.places {
        // A key that closes while it is drawn stays empty.
        try? keypad.withFace(of: place.key) { alpha in
          draw(alpha, of: place, in: context)
        }
      }
    }

    private func draw(_ alpha: UnsafeRawBufferPointer, of place: KeypadLayout.Place, in context: CGContext) {
      let (width, height) = (place.key.width, place.key.height)
      // No copy is made: the image reads the lent memory, and does not outlive it.
      guard let memory = alpha.baseAddress,
        let provider = CGDataProvider(
          dataInfo: nil, data: memory, size: alpha.count, releaseData: { _, _, _ in }),
        let mask = CGImage(
          maskWidth: width, height: height, bitsPerComponent: 8, bitsPerPixel: 8, bytesPerRow: width,
          provider: provider, decode: [1, 0], shouldInterpolate: false)
      else { return }
      let scale = traitCollection.displayScale
      let size = CGSize(width: CGFloat(width) / scale, height: CGFloat(height) / scale)
      let frame = CGRect(
        x: place.frame.midX - size.width / 2, y: place.frame.midY - size.height / 2, width: size.width,
        height: size.height)
      context.saveGState()
      // Images of Core Graphics stand on their heads here.
      context.translateBy(x: 0, y: frame.midY * 2)
      context.scaleBy(x: 1, y: -1)
      context.clip(to: frame, mask: mask)
      context.fill(frame)
      context.restoreGState()
    }

    private func open() {
      guard let desk, window != nil, bounds.height > 0 else { return drawnSize = .zero }
      drawnSize = bounds.size
      let facePx = KeypadLayout.facePx(keyHeight: bounds.height / 4, scale: traitCollection.displayScale)
      run { () throws(MsgPayError) in try desk.open(facePx: facePx) }
    }

    private func press(_ key: Keypad.Key) {
      guard let desk else { return }
      run { () throws(MsgPayError) in try desk.touch(key) }
    }

    private func noticed(_ event: KeypadDesk.ScreenEvent) {
      guard let desk else { return }
      run { () throws(MsgPayError) in try desk.noticed(event) }
      if desk.cover == nil, desk.keypad == nil { open() }
    }

    private func rerouted() {
      guard let desk else { return }
      run { () throws(MsgPayError) in try desk.routeChanged() }
      if desk.cover == nil, desk.keypad == nil { open() }
    }

    private func tick() {
      guard let desk else { return }
      do throws(MsgPayError) {
        let change = try desk.tick()
        if case .wiped = change { run { () throws(MsgPayError) in change } }
      } catch {
        onError?(error)
      }
    }

    private func hear(_ key: Keypad.Key) {
      guard let desk else { return }
      run { () throws(MsgPayError) in try desk.hear(key) }
    }

    private func run(_ body: () throws(MsgPayError) -> KeypadDesk.Change) {
      do throws(MsgPayError) {
        let change = try body()
        // A press changes nothing that is drawn here; new elements would take VoiceOver's place away.
        if case .count = change {} else { changed() }
        if case .sealed(let sealed) = change { onSealed?(sealed) }
        onChange?(change)
        if case .wiped = change, desk?.cover == nil { open() }
      } catch {
        onError?(error)
      }
    }

    private func changed() {
      setNeedsDisplay()
      cover.isHidden = desk?.cover == nil
      cover.text = desk?.cover.flatMap(words.cover)
      accessibilityElements = layout()?.places.map { place in
        let element = KeyElement(
          accessibilityContainer: self, focused: { [weak self] in self?.hear(place.key) },
          press: { [weak self] in self?.press(place.key) })
        element.accessibilityLabel = words.key(place.key.action)
        element.accessibilityTraits = .keyboardKey
        element.accessibilityFrameInContainerSpace = place.frame
        return element
      }
    }

    private func layout() -> KeypadLayout? {
      guard let desk, let keypad = desk.keypad else { return nil }
      let gap = 1 / max(1, traitCollection.displayScale)
      return KeypadLayout(keypad.keys, page: desk.page, size: bounds.size, gap: gap)
    }
  }

  /// A key as VoiceOver meets it.
  private final class KeyElement: UIAccessibilityElement {
    private let focused: () -> Void
    private let press: () -> Void

    init(accessibilityContainer container: Any, focused: @escaping () -> Void, press: @escaping () -> Void) {
      (self.focused, self.press) = (focused, press)
      super.init(accessibilityContainer: container)
    }

    override func accessibilityElementDidBecomeFocused() {
      focused()
    }

    override func accessibilityActivate() -> Bool {
      press()
      return true
    }
  }
#endif
