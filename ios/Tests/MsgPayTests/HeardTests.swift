import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

/// A keypad that is listened to, for whoever does not see it.
///
/// `@unchecked`: it has no state, and the runner hands it to the main actor.
final class HeardTests: XCTestCase, @unchecked Sendable {
  @MainActor func testAPasswordIsHeardTypedAndPays() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let ear = Ear()
    let desk = KeypadDesk(entry, surface: .desktop, ear: ear, language: .chinese)
    try desk.open(facePx: 96)
    let keypad = try XCTUnwrap(desk.keypad)
    let characters = keypad.keys.filter { if case .slot = $0.action { true } else { false } }
    XCTAssertEqual(characters.count, 10)
    for key in characters {
      guard case .nothing = try desk.hear(key) else { return XCTFail("not heard") }
      XCTAssertEqual(ear.playing, key.samples * 2)
      XCTAssertGreaterThan(ear.loudest, 1_000)
    }
    XCTAssertEqual(ear.sounds.count, 10, "ten keys, ten different sounds")
    let shown = try await house.person().faces(of: keypad)
    for digit in House.password {
      let key = try XCTUnwrap(shown.first { $0.digit == digit }?.key)
      _ = try desk.hear(key)
      guard case .count = try desk.touch(key) else { return XCTFail("no press") }
      XCTAssertNil(ear.playing, "a press ends the sound")
    }
    let confirm = try XCTUnwrap(keypad.keys.first { $0.action == .confirm })
    guard case .sealed(let sealed) = try desk.touch(confirm) else { return XCTFail("not sealed") }
    try entry.entered(sealed)
    let outcome = try await payment.step(\.outcome)
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
  }

  @MainActor func testNothingIsHeardByOthers() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let ear = Ear()
    ear.isPrivate = false
    let desk = KeypadDesk(entry, surface: .desktop, ear: ear, language: .english)
    try desk.open(facePx: 48)
    XCTAssertNil(desk.keypad, "nothing opens without a private ear")
    XCTAssertEqual(desk.cover, .overheard)
    XCTAssertEqual(Words(.english).cover(.overheard), "Put on wired headphones: the keys are read to you alone")

    ear.isPrivate = true
    try desk.open(facePx: 48)
    let keypad = try XCTUnwrap(desk.keypad)
    let key = try XCTUnwrap(keypad.keys.first { $0.samples > 0 })
    // The headphones are pulled out: told by the system, or noticed at the next key.
    var isTold = false
    desk.onRoute = { isTold = true }
    ear.isPrivate = false
    ear.onChange?()
    XCTAssertTrue(isTold)
    guard case .wiped = try desk.routeChanged() else { return XCTFail("not wiped") }
    XCTAssertThrowsError(try keypad.press(slot: 0))

    ear.isPrivate = true
    try desk.open(facePx: 48)
    ear.isPrivate = false
    guard case .wiped = try desk.hear(key) else { return XCTFail("not wiped") }
    XCTAssertNil(desk.keypad)
    XCTAssertNil(ear.playing)
    try await payment.cancel()
  }

  @MainActor func testAKeypadThatIsSeenSaysNothing() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let desk = KeypadDesk(entry, surface: .desktop)
    try desk.open(facePx: 48)
    for key in try XCTUnwrap(desk.keypad).keys {
      XCTAssertEqual(key.samples, 0)
      guard case .nothing = try desk.hear(key) else { return XCTFail("heard") }
    }
    try await payment.cancel()
  }

  func testRoutesThatEndInOneEar() {
    for ports in [["Headphones"], ["BluetoothLE"]] { XCTAssertTrue(isPrivateRoute(ports), "\(ports)") }
    for ports in [
      [], ["Speaker"], ["Receiver"], ["BluetoothA2DPOutput"], ["CarAudio"], ["AirPlay"], ["Headphones", "Speaker"],
    ] { XCTAssertFalse(isPrivateRoute(ports), "\(ports)") }
  }
}

/// An ear that only measures.
@MainActor
private final class Ear: PrivateEar {
  var isPrivate = true
  var onChange: (@MainActor () -> Void)?
  /// Bytes of the sound that plays.
  private(set) var playing: Int?
  private(set) var loudest = 0
  /// Of each sound that was heard, one number that tells it from others.
  private(set) var sounds: Set<Int> = []

  func play(_ samples: UnsafeRawBufferPointer) -> Bool {
    guard isPrivate else { return false }
    let values = samples.bindMemory(to: Int16.self)
    playing = samples.count
    loudest = values.map { abs(Int($0)) }.max() ?? 0
    sounds.insert(values.enumerated().reduce(values.count) { ($0 &* 31) &+ Int($1.element) })
    return true
  }

  func hush() {
    playing = nil
  }
}
