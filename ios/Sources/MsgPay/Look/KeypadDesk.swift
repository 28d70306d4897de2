import Foundation

/// What stands behind a keypad view: touches become presses, and whatever ends an entry wipes it. A view draws what this
/// says and keeps nothing of a touch.
@MainActor
public final class KeypadDesk {
  /// What a view has to do after a call.
  public enum Change: Sendable {
    /// Nothing.
    case nothing
    /// Draw the number of characters.
    case count
    /// Draw other keys: another page, or a new layout.
    case keys
    /// Not enough characters yet: say so.
    case tooShort
    /// The entry was wiped: nothing is to be drawn before `open`.
    case wiped
    /// The entry is typed; hand it to `Entry.entered`.
    case sealed(SealedEntry)
  }

  /// What happens to the screen that the keypad is drawn on.
  public enum ScreenEvent: Sendable, Equatable {
    /// A screenshot was taken.
    case screenshot
    /// Recording, mirroring or casting began, or ended.
    case recorded(Bool)
    /// The application is no longer in front: its picture goes into the app switcher.
    case hidden
    /// It is in front again.
    case shown
  }

  /// Why nothing but a cover is drawn.
  public enum Cover: Sendable, Equatable {
    /// The screen is recorded or shown elsewhere.
    case recorded
    /// The application is not in front.
    case hidden
    /// The keys are to be heard, and others would hear them.
    case overheard
  }

  /// What is to be typed.
  public let entry: Entry
  /// How many characters were typed.
  public private(set) var count = 0
  /// Which keys are shown.
  public private(set) var page = 0
  /// Lends faces; nothing while no layout is open.
  public private(set) var keypad: Keypad?

  /// What lies over the keypad; nothing opens under it.
  public var cover: Cover? {
    isRecorded ? .recorded : isHidden ? .hidden : ear?.isPrivate == false ? .overheard : nil
  }

  /// Called when where sounds go may have changed; `routeChanged` is to be called then.
  public var onRoute: (@MainActor () -> Void)? {
    get { ear?.onChange }
    set { ear?.onChange = newValue }
  }

  private var surface: Surface
  private let confirms: Bool
  private let ear: (any PrivateEar)?
  private let language: Language
  private var isRecorded = false
  private var isHidden = false

  /// Nothing is open yet.
  ///
  /// - Parameters:
  ///   - confirms: Whether the keypad's own key confirms; above a page, the page does.
  ///   - ear: Keys are heard by this ear, for whoever does not see them.
  public init(
    _ entry: Entry, surface: Surface, confirms: Bool = true, ear: (any PrivateEar)? = nil,
    language: Language = Words.preferred.language
  ) {
    self.entry = entry
    self.surface = surface
    self.confirms = confirms
    self.ear = ear
    self.language = language
  }

  /// Opens a new layout. One that is open is wiped. Under a cover it does nothing.
  ///
  /// - Throws: As `Entry.open`.
  @discardableResult
  public func open(facePx: UInt16) throws(MsgPayError) -> Change {
    wipe()
    if cover != nil { return .nothing }
    if ear == nil {
      keypad = try entry.open(surface, facePx: facePx)
    } else {
      keypad = try entry.openSpoken(surface.heard, facePx: facePx, language: language)
    }
    return .keys
  }

  /// A finger rests on this key: it says what it is, into the private ear. With no such ear any more, the entry is wiped.
  ///
  /// - Throws: `.call`.
  public func hear(_ key: Keypad.Key) throws(MsgPayError) -> Change {
    guard let keypad, let ear, key.samples > 0 else { return .nothing }
    do {
      if try keypad.withSound(of: key, ear.play) { return .nothing }
      return wipe()
    } catch {
      return try changed(by: error as? MsgPayError ?? .call(.broken))
    }
  }

  /// Where sounds go may have changed.
  ///
  /// - Throws: `.call`.
  public func routeChanged() throws(MsgPayError) -> Change {
    cover == .overheard ? wipe() : .nothing
  }

  /// A finger came down on this key. More characters than are taken are no press.
  ///
  /// - Throws: `.call`; a keypad that refuses is a change, not an error.
  public func touch(_ key: Keypad.Key) throws(MsgPayError) -> Change {
    guard let keypad else { return .nothing }
    ear?.hush()
    do throws(MsgPayError) {
      switch key.action {
      case .slot(let slot):
        guard count < entry.lengths.upperBound else { return .nothing }
        count = try keypad.press(slot: slot)
        return .count
      case .delete:
        count = try keypad.erase()
        return .count
      case .page(let next):
        page = Int(next)
        return .keys
      case .confirm where !confirms: return .nothing
      case .confirm:
        let sealed = try keypad.confirm()
        forget()
        return .sealed(sealed)
      }
    } catch {
      return try changed(by: error)
    }
  }

  /// To be called once a second: wipes after three minutes without a press.
  ///
  /// - Throws: `.call`.
  public func tick() throws(MsgPayError) -> Change {
    guard let keypad, try keypad.wipeIfIdle() else { return .nothing }
    forget()
    return .wiped
  }

  /// What the application can promise has changed, such as a screen that is recorded now.
  ///
  /// - Throws: `.call`.
  public func surfaceChanged(_ surface: Surface) throws(MsgPayError) -> Change {
    self.surface = surface
    guard let keypad else { return .nothing }
    do throws(MsgPayError) {
      try keypad.surfaceChanged(ear == nil ? surface : surface.heard)
      return .nothing
    } catch {
      return try changed(by: error)
    }
  }

  /// The system tells of the screen. Whatever it is but good news, the entry is wiped.
  ///
  /// - Throws: `.call`.
  public func noticed(_ event: ScreenEvent) throws(MsgPayError) -> Change {
    switch event {
    case .screenshot: return try captured()
    case .recorded(let now):
      isRecorded = now
      return now ? try captured() : .nothing
    case .hidden:
      isHidden = true
      return wipe()
    case .shown:
      isHidden = false
      return .nothing
    }
  }

  /// A screenshot or a recording.
  ///
  /// - Throws: `.call`.
  public func captured() throws(MsgPayError) -> Change {
    guard let keypad else { return .nothing }
    try keypad.captureDetected()
    forget()
    return .wiped
  }

  /// The application leaves the foreground, the phone is turned, the view goes away.
  @discardableResult
  public func wipe() -> Change {
    guard let keypad else { return .nothing }
    // It fails only when the keystore or the vault calls this; letting go of the keypad wipes it all the same.
    _ = try? keypad.cancel()
    forget()
    return .wiped
  }

  private func changed(by error: MsgPayError) throws(MsgPayError) -> Change {
    switch error {
    case .keypad(.length, wiped: false): return .tooShort
    case .keypad(_, wiped: false): return .nothing
    case .keypad(_, wiped: true):
      forget()
      return .wiped
    default: throw error
    }
  }

  private func forget() {
    ear?.hush()
    (keypad, count, page) = (nil, 0, 0)
  }
}

extension Surface {
  /// The same for a keypad that is heard in private.
  fileprivate var heard: Surface {
    Surface(
      captureBlocked: captureBlocked, obscuredTouchesFiltered: obscuredTouchesFiltered, noTextField: noTextField,
      nothingKept: nothingKept, audioPrivate: true)
  }
}
