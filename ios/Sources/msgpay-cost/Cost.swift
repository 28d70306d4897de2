import Foundation
import MsgPay
import MsgPayDesktop
import MsgPayFFI

@MainActor
final class Cost {
  private static let keypads = 120
  /// Keypads before anything is counted.
  private static let warmUp = 20
  private static let rounds = 9
  private static let length: UInt8 = 6
  /// Calls between two readings of the clock: one call is shorter than a reading.
  private static let bareCalls = 1_000

  private var press: [UInt64] = []
  private var bare: [UInt64] = []

  func measure(_ payment: Payment) async throws {
    var steps = payment.steps.makeAsyncIterator()
    while let step = try await steps.next() {
      if case .review(let review) = step { try review.accept() }
      guard case .enterPassword(let entry) = step else { continue }
      let native = try unopened(entry)
      for keypad in 0..<Self.keypads {
        let counts = keypad >= Self.warmUp
        measureBareCalls(native, counts)
        try measurePresses(try entry.open(.desktop, facePx: 24), counts)
      }
      try await payment.cancel()
    }
    show("press", press)
    show("bare_call", bare)
  }

  /// `NativeEntry.lengthMin`: a number is read from an object, as a press gives one.
  private func measureBareCalls(_ native: NativeEntry, _ counts: Bool) {
    let start = now()
    for _ in 0..<Self.bareCalls { _ = native.lengthMin() }
    if counts { bare.append((now() - start) / UInt64(Self.bareCalls)) }
  }

  private func measurePresses(_ keypad: Keypad, _ counts: Bool) throws {
    for _ in 0..<Self.rounds {
      let start = now()
      for slot in 0..<Self.length { _ = try keypad.press(slot: slot) }
      if counts { press.append((now() - start) / UInt64(Self.length)) }
      try keypad.clear()
    }
    try keypad.cancel()
  }

  /// The library's own entry, which the public one hides.
  private func unopened(_ entry: Entry) throws -> NativeEntry {
    let hidden = Mirror(reflecting: entry).children.first { $0.label == "native" }?.value
    guard let native = (hidden as? Locked<NativeEntry?>)?.use({ $0 }) else { throw StageFault.answer }
    return native
  }
}

/// Ticks of the main thread while something is under way.
@MainActor
final class Ticks {
  private var gap: UInt64 = 0
  private var last = now()
  private var task: Task<Void, Never>?

  init() {
    task = Task {
      while !Task.isCancelled {
        try? await Task.sleep(nanoseconds: 1_000_000)
        tick()
      }
    }
  }

  /// The longest time for which the thread did not tick, and no more ticks.
  func longest() -> UInt64 {
    task?.cancel()
    tick()
    return gap
  }

  private func tick() {
    let tick = now()
    gap = max(gap, tick - last)
    last = tick
  }
}

func now() -> UInt64 {
  DispatchTime.now().uptimeNanoseconds
}

func show(_ name: String, _ samples: [UInt64]) {
  show(name, samples.sorted()[samples.count / 2])
}

func show(_ name: String, _ ns: UInt64) {
  print("{\"name\":\"\(name)\",\"ns\":\(ns)}")
}
