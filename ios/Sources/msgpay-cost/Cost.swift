import Foundation
import MsgPay
import MsgPayDesktop
import MsgPayFFI

@MainActor
final class Cost {
  private static let keypads = 120
  /// Keypads before anything is counted.
  private static let warmUp = 20
  /// A keypad takes 64 presses, and a round has four of them: two are taken back.
  private static let rounds = 15
  /// Calls between two readings of the clock: one call is shorter than a reading.
  private static let bareCalls = 1_000

  private var press: [UInt64] = []
  private var bare: [UInt64] = []
  private var rust: [UInt64] = []
  private let stopwatch = DesktopStopwatch()

  func measure(_ payment: Payment) async throws {
    var steps = payment.steps.makeAsyncIterator()
    while let step = try await steps.next() {
      if case .review(let review) = step { try review.accept() }
      guard case .enterPassword(let entry) = step else { continue }
      try measureMemory(entry)
      for keypad in 0..<Self.keypads {
        let counts = keypad >= Self.warmUp
        try measureBareCalls(counts)
        try measurePresses(try entry.open(.desktop, facePx: 24), counts)
      }
      try await payment.cancel()
    }
    show("press", press)
    show("bare_call", bare)
    show("rust_press", rust)
  }

  /// With faces of the size that a phone asks for, the first keypad of the process: what it makes once is in it.
  private func measureMemory(_ entry: Entry) throws {
    let before = try residentKb()
    let keypad = try entry.open(.desktop, facePx: 192)
    showKb("open_keypad", try residentKb() - before)
    showKb("open_keypad_pictures", keypad.keys.reduce(0) { $0 + $1.width * $1.height } / 1024)
    try keypad.cancel()
  }

  /// In the shape of a press: a number in, a number or an error out.
  private func measureBareCalls(_ counts: Bool) throws {
    let start = now()
    for call in 0..<Self.bareCalls { _ = try stopwatch.same(number: UInt8(truncatingIfNeeded: call)) }
    if counts { bare.append((now() - start) / UInt64(Self.bareCalls)) }
  }

  private func measurePresses(_ keypad: Keypad, _ counts: Bool) throws {
    let hidden = Mirror(reflecting: keypad).children.first { $0.label == "native" }?.value
    guard let native = hidden as? NativeKeypad else { throw StageFault.answer }
    for _ in 0..<Self.rounds {
      // The same key on the same empty keypad, in turn, each press alone as a person's is: what differs is the line.
      let inside = try stopwatch.pressNs(keypad: native, slot: 0)
      if counts { rust.append(UInt64(inside)) }
      let start = now()
      _ = try keypad.press(slot: 0)
      if counts { press.append(now() - start) }
      try keypad.clear()
    }
    try keypad.cancel()
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

/// The clock that Rust reads too, in nanoseconds.
func now() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

func median(_ samples: [UInt64]) -> UInt64 {
  samples.sorted()[samples.count / 2]
}

func show(_ name: String, _ samples: [UInt64]) {
  show(name, median(samples))
}

/// Resident memory of this process that no file gives, in KB.
func residentKb() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
  guard let number = line?.split(whereSeparator: { !$0.isNumber }).first, let kb = Int(number) else {
    throw StageFault.answer
  }
  return kb
}

func showKb(_ name: String, _ kb: Int) {
  print("{\"name\":\"\(name)\",\"kb\":\(kb)}")
}

func show(_ name: String, _ ns: UInt64) {
  print("{\"name\":\"\(name)\",\"ns\":\(ns)}")
}
