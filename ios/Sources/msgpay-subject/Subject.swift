import Foundation
import MsgPay
import MsgPayDesktop

/// What an order that waits for the session is answered with.
private enum Turn {
  /// The session asks for an entry.
  static let asked: UInt8 = 0
  /// It has concluded as one wants.
  static let well: UInt8 = 1
  /// It has concluded otherwise.
  static let notWell: UInt8 = 2
}

/// A session of either kind, step by step.
private struct Errand {
  /// The entry that it asks for, or whether it went well.
  let next: @Sendable () async throws -> (entry: Entry?, isWell: Bool)
  let cancel: @Sendable () async throws -> Void
}

/// The application.
@MainActor
final class Subject {
  private static let facePx: UInt16 = 32
  private static let idleMs: Int64 = 181_000

  private let stage: Stage
  private let msgpay: MsgPay
  private let handset: DesktopPhone
  private let keeper: Keeper
  private var errand: Errand?
  private var entry: Entry?
  private var keypad: Keypad?
  private var mask: UInt8 = 0

  init(stage: Stage, msgpay: MsgPay, handset: DesktopPhone, keeper: Keeper) {
    self.stage = stage
    self.msgpay = msgpay
    self.handset = handset
    self.keeper = keeper
  }

  func obey(_ order: Character, _ argument: UInt8) async throws -> UInt8 {
    switch order {
    case "s": return try await begin(try await msgpay.setPassword(at: stage.institution))
    case "l": return try await begin(try await msgpay.launch(try await stage.order(fen: 100).link))
    case "o": return try open()
    case "g": return try pictures()
    case "m":
      mask = argument
      return 0
    case "p":
      let length = try press(argument)
      if keeper.keeps { try await keeper.slot(argument ^ mask, stage.config, handset.phone) }
      mask = 0
      return length
    case "w":
      keeper.character(argument ^ mask)
      return 0
    case "e":
      let left = try opened().erase()
      keeper.take(left)
      return UInt8(clamping: left)
    case "x":
      try opened().clear()
      keeper.take(0)
      return 0
    case "c":
      guard let entry else { throw StageFault.answer }
      try entry.entered(try opened().confirm())
      return try await turn()
    case "q":
      try opened().cancel()
      return left()
    case "k":
      try opened().captureDetected()
      return left()
    case "i":
      handset.faults.clockAheadMs += Self.idleMs
      guard try opened().wipeIfIdle() else { throw StageFault.answer }
      return left()
    case "z":
      try await errand?.cancel()
      return try await turn()
    default: throw StageFault.answer
    }
  }

  private func begin(_ payment: Payment) async throws -> UInt8 {
    try await begin(
      Errand(
        next: {
          for try await step in payment.steps {
            switch step {
            case .review(let review): try review.accept()
            case .enterPassword(let entry): return (entry, false)
            case .concluded(.paid): return (nil, true)
            default: continue
            }
          }
          return (nil, false)
        }, cancel: { try await payment.cancel() }))
  }

  private func begin(_ setup: PasswordSetup) async throws -> UInt8 {
    try await begin(
      Errand(
        next: {
          for try await step in setup.steps {
            switch step {
            case .review(let review): try review.accept()
            case .enterPassword(let entry): return (entry, false)
            case .concluded(.set): return (nil, true)
            default: continue
            }
          }
          return (nil, false)
        }, cancel: { try await setup.cancel() }))
  }

  private func begin(_ errand: Errand) async throws -> UInt8 {
    self.errand = errand
    return try await turn()
  }

  private func turn() async throws -> UInt8 {
    guard let errand else { throw StageFault.answer }
    keypad = nil
    let next = try await errand.next()
    entry = next.entry
    if next.entry != nil { return Turn.asked }
    return next.isWell ? Turn.well : Turn.notWell
  }

  /// The session waits for a keypad that is opened anew.
  private func left() -> UInt8 {
    keypad = nil
    return Turn.asked
  }

  private func open() throws -> UInt8 {
    guard let entry else { throw StageFault.answer }
    let opened = try entry.open(.desktop, facePx: Self.facePx)
    keypad = opened
    return UInt8(clamping: characters(of: opened).count)
  }

  private func pictures() throws -> UInt8 {
    let keypad = try opened()
    for key in characters(of: keypad) { try keypad.withFace(of: key) { send($0) } }
    return 0
  }

  /// The slot exists here only, between unmasking and the library.
  private func press(_ masked: UInt8) throws -> UInt8 {
    UInt8(clamping: try opened().press(slot: masked ^ mask))
  }

  private func opened() throws -> Keypad {
    guard let keypad else { throw StageFault.answer }
    return keypad
  }

  private func characters(of keypad: Keypad) -> [Keypad.Key] {
    keypad.keys.filter { if case .slot = $0.action { true } else { false } }
  }
}

/// Whole and at once, past every buffer.
func send(_ bytes: [UInt8]) {
  bytes.withUnsafeBytes(send)
}

func send(_ bytes: UnsafeRawBufferPointer) {
  guard write(STDOUT_FILENO, bytes.baseAddress, bytes.count) == bytes.count else { exit(1) }
}
