import MsgPayFFI

/// What is to be typed. To turn back, cancel the session.
public final class Entry: Sendable {
  /// What it is for.
  public let purpose: EntryUse
  /// How many characters confirm, and how many are taken.
  public let lengths: ClosedRange<Int>

  /// An entry opens once; a second opening asks the session for another.
  private let native: Locked<NativeEntry?>
  private let fresh: @Sendable () throws -> NativeEntry
  private let take: @Sendable (NativeSealedEntry) throws -> Void

  init(
    _ entry: NativeEntry, fresh: @escaping @Sendable () throws -> NativeEntry,
    take: @escaping @Sendable (NativeSealedEntry) throws -> Void
  ) {
    purpose = entry.purpose()
    let least = Int(entry.lengthMin())
    lengths = least...max(least, Int(entry.lengthMax()))
    native = Locked(entry)
    self.fresh = fresh
    self.take = take
  }

  /// Shuffles a layout, draws its keys at `facePx` pixels a side (24 to 512), seals it and forgets it. To be called
  /// again when a keypad was wiped; the layout is then another.
  ///
  /// - Throws: `.keypad(.unacknowledged)` for a surface that keeps too few duties, `.keypad(.notAllowed)`;
  ///   `.call(.outOfTurn)` when nothing is to be typed any more.
  public func open(_ surface: Surface, facePx: UInt16) throws(MsgPayError) -> Keypad {
    try calling { try Keypad(try entry().open(surface: surface, facePx: facePx)) }
  }

  /// The same for somebody who does not see: each key has a sound, for a private ear.
  ///
  /// - Throws: As `open`.
  public func openSpoken(
    _ surface: Surface, facePx: UInt16, language: Language
  ) throws(MsgPayError) -> Keypad {
    try calling {
      try Keypad(try entry().openSpoken(surface: surface, facePx: facePx, language: language))
    }
  }

  /// It was typed and sealed: the session goes on.
  ///
  /// - Throws: `.call(.otherSession)` for what was sealed for another session or used before, `.call(.outOfTurn)`.
  public func entered(_ sealed: SealedEntry) throws(MsgPayError) {
    try calling { try take(sealed.native) }
  }

  private func entry() throws -> NativeEntry {
    let unused = native.use { native in
      defer { native = nil }
      return native
    }
    return try unused ?? fresh()
  }
}

/// A closed envelope. Only the session that asked for it takes it, once, and only the institution opens it.
public struct SealedEntry: Sendable {
  let native: NativeSealedEntry
}
