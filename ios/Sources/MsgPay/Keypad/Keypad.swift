import MsgPayFFI

/// A keypad in use: slots in, pictures out, no character either way.
///
/// It may be used from any thread; calls are short. Dropping it wipes it, `cancel` does so at once.
public final class Keypad: Sendable {
  /// Where a key lies and what it does. It has no label: its face is a picture.
  public struct Key: Sendable, Equatable {
    /// Its place in `keys`.
    public let number: Int
    /// Shown together with the keys of the same page; page 0 first.
    public let page: Int
    /// From the top, from 0.
    public let row: Int
    /// From the left, from 0.
    public let column: Int
    /// Columns that it covers.
    public let span: Int
    /// What a touch of it calls.
    public let action: KeyAction
    /// Columns of its face, in pixels.
    public let width: Int
    /// Rows of its face, in pixels.
    public let height: Int
    /// Samples of its sound; 0 on a keypad that is seen.
    public let samples: Int
  }

  /// All keys of all pages.
  public let keys: [Key]

  private let native: NativeKeypad

  init(_ native: NativeKeypad) throws {
    self.native = native
    keys = try native.keys().enumerated().map { number, place in
      Key(
        number: number, page: Int(place.page), row: Int(place.row), column: Int(place.column),
        span: Int(place.span), action: place.action, width: Int(place.widthPx),
        height: Int(place.heightPx), samples: Int(place.samples))
    }
  }

  /// Lends a key's face: `width × height` bytes, row after row, 0 clear, 255 ink. The memory is wiped afterwards;
  /// whoever copies it (a texture, an image) wipes the copy.
  ///
  /// - Throws: `.keypad(.closed)`, `.call(.noSuchKey)`; what `body` throws.
  public func withFace<Drawn>(of key: Key, _ body: (UnsafeRawBufferPointer) throws -> Drawn) throws -> Drawn {
    try withWiped(bytes: key.width * key.height) { memory in
      try draw(key, into: memory)
      return try body(UnsafeRawBufferPointer(memory))
    }
  }

  /// Copies a key's face into memory of the caller's, of exactly `width × height` bytes. The caller wipes it.
  ///
  /// - Throws: `.call(.pictureMemory)` for no memory or another size, `.call(.noSuchKey)`, `.keypad(.closed)`.
  public func draw(_ key: Key, into memory: UnsafeMutableRawBufferPointer) throws(MsgPayError) {
    try calling {
      try native.draw(key: number(key), address: address(memory), bytes: UInt64(memory.count))
    }
  }

  /// Lends a key's sound: signed 16-bit samples of 16 kHz, one channel. The memory is wiped afterwards.
  ///
  /// - Throws: As `withFace`; `.call(.noSuchKey)` on a keypad that is seen.
  public func withSound<Played>(of key: Key, _ body: (UnsafeRawBufferPointer) throws -> Played) throws -> Played {
    try withWiped(bytes: key.samples * MemoryLayout<Int16>.size) { memory in
      try calling {
        try native.sound(key: number(key), address: address(memory), bytes: UInt64(memory.count))
      }
      return try body(UnsafeRawBufferPointer(memory))
    }
  }

  /// Seals one press at once; gives the number of characters now entered.
  ///
  /// - Throws: `.keypad`.
  public func press(slot: UInt8) throws(MsgPayError) -> Int {
    try calling { Int(try native.press(slot: slot)) }
  }

  /// Takes the last character back; gives the number left.
  ///
  /// - Throws: `.keypad`.
  public func erase() throws(MsgPayError) -> Int {
    try calling { Int(try native.erase()) }
  }

  /// Takes all characters back.
  ///
  /// - Throws: `.keypad`.
  public func clear() throws(MsgPayError) {
    try calling { _ = try native.clear() }
  }

  /// Closes the envelope and wipes what is left.
  ///
  /// - Throws: `.keypad(.length)` leaves the entry as it is.
  public func confirm() throws(MsgPayError) -> SealedEntry {
    try calling { SealedEntry(native: try native.confirm()) }
  }

  /// Wipes: on back, when the application leaves the foreground, on a turned phone. Safe to call twice.
  ///
  /// - Throws: `.call(.fromHost)`.
  public func cancel() throws(MsgPayError) {
    try calling { try native.cancel() }
  }

  /// Wipes if there was no press for three minutes; says whether nothing is left. To be called by a timer.
  ///
  /// - Throws: `.call(.fromHost)`.
  public func wipeIfIdle() throws(MsgPayError) -> Bool {
    try calling { try native.wipeIfIdle() }
  }

  /// To be called whenever what the host can promise may have changed. Another report than at the opening wipes.
  ///
  /// - Throws: `.keypad(.surfaceChanged, wiped: true)`.
  public func surfaceChanged(_ surface: Surface) throws(MsgPayError) {
    try calling { try native.surfaceChanged(surface: surface) }
  }

  /// The system tells of a screenshot, a recording or a mirror: wipes.
  ///
  /// - Throws: `.call(.fromHost)`.
  public func captureDetected() throws(MsgPayError) {
    try calling { try native.captureDetected() }
  }

  private func number(_ key: Key) -> UInt32 {
    UInt32(clamping: key.number)
  }

  private func address(_ memory: UnsafeMutableRawBufferPointer) -> UInt64 {
    UInt64(UInt(bitPattern: memory.baseAddress))
  }
}
