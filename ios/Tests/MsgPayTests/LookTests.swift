import Foundation
import MsgPay
import MsgPayDesktop
import XCTest

/// What stands behind the views, without a view.
///
/// `@unchecked`: it has no state, and the runner hands it to the main actor.
final class LookTests: XCTestCase, @unchecked Sendable {
  @MainActor func testEveryKeyIsMetInItsMiddleAndNoTwoOverlap() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let keypad = try entry.open(.desktop, facePx: 48)
    for size in [CGSize(width: 390, height: 236), CGSize(width: 844, height: 192)] {
      let layout = KeypadLayout(keypad.keys, page: 0, size: size, gap: 0.5)
      XCTAssertEqual(layout.places.count, 12)
      for (at, place) in layout.places.enumerated() {
        let middle = CGPoint(x: place.frame.midX, y: place.frame.midY)
        XCTAssertEqual(layout.key(at: middle)?.number, place.key.number)
        XCTAssertGreaterThanOrEqual(place.frame.height, 47)
        XCTAssertLessThanOrEqual(place.frame.maxX, size.width + 0.001)
        XCTAssertLessThanOrEqual(place.frame.maxY, size.height + 0.001)
        for other in layout.places[(at + 1)...] {
          XCTAssertFalse(place.frame.intersects(other.frame))
        }
      }
      XCTAssertNil(layout.key(at: CGPoint(x: -1, y: 10)))
      XCTAssertNil(layout.key(at: CGPoint(x: 10, y: size.height + 1)))
    }
    try await payment.cancel()
  }

  func testHeightsAndFaces() {
    XCTAssertEqual(KeypadLayout.height(rows: 4, width: 390, available: 800), 240)
    XCTAssertEqual(KeypadLayout.height(rows: 4, width: 844, available: 200), 200)
    XCTAssertEqual(KeypadLayout.height(rows: 4, width: 844, available: 100), 192, "a finger needs 48")
    XCTAssertEqual(KeypadLayout.facePx(keyHeight: 60, scale: 3), 135)
    XCTAssertEqual(KeypadLayout.facePx(keyHeight: 1, scale: 1), 24)
    XCTAssertEqual(KeypadLayout.facePx(keyHeight: 1_000, scale: 3), 512)
  }

  @MainActor func testTouchesOnDrawnFacesPay() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let desk = KeypadDesk(entry, surface: .desktop)
    try desk.open(facePx: 96)
    let keypad = try XCTUnwrap(desk.keypad)
    let layout = KeypadLayout(keypad.keys, page: desk.page, size: CGSize(width: 390, height: 240), gap: 0.5)
    let confirm = try XCTUnwrap(keypad.keys.first { $0.action == .confirm })
    guard case .tooShort = try desk.touch(confirm) else { return XCTFail("confirmed") }

    let shown = try await house.person().faces(of: keypad)
    for digit in House.password {
      let key = try XCTUnwrap(shown.first { $0.digit == digit }?.key)
      let frame = try XCTUnwrap(layout.places.first { $0.key == key }?.frame)
      let touched = try XCTUnwrap(layout.key(at: CGPoint(x: frame.minX + 1, y: frame.maxY - 1)))
      guard case .count = try desk.touch(touched) else { return XCTFail("no press") }
    }
    XCTAssertEqual(desk.count, 6)
    let seventh = try XCTUnwrap(shown.first?.key)
    guard case .nothing = try desk.touch(seventh) else { return XCTFail("a seventh press") }
    guard case .sealed(let sealed) = try desk.touch(confirm) else { return XCTFail("not sealed") }
    XCTAssertNil(desk.keypad)
    try entry.entered(sealed)
    let outcome = try await payment.step(\.outcome)
    XCTAssertNotNil(outcome.receipt, "\(outcome)")
  }

  @MainActor func testWhatEndsAnEntryWipesItAndANewLayoutOpens() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let desk = KeypadDesk(entry, surface: .desktop)
    let recorded = Surface(
      captureBlocked: false, obscuredTouchesFiltered: true, noTextField: true, nothingKept: true, audioPrivate: false)
    let edges: [() throws -> KeypadDesk.Change] = [
      { desk.wipe() }, { try desk.captured() }, { try desk.surfaceChanged(recorded) },
      {
        house.handset.faults.clockAheadMs += 181_000
        return try desk.tick()
      },
    ]
    for edge in edges {
      try desk.open(facePx: 48)
      let keypad = try XCTUnwrap(desk.keypad)
      let key = try XCTUnwrap(keypad.keys.first { if case .slot = $0.action { true } else { false } })
      _ = try desk.touch(key)
      XCTAssertEqual(desk.count, 1)
      guard case .wiped = try edge() else { return XCTFail("not wiped") }
      XCTAssertEqual(desk.count, 0)
      XCTAssertNil(desk.keypad)
      XCTAssertThrowsError(try keypad.press(slot: 0)) { error in
        XCTAssertEqual(error as? MsgPayError, .keypad(.closed, wiped: true))
      }
      guard case .nothing = try desk.touch(key) else { return XCTFail("a press on nothing") }
    }
    try await payment.cancel()
  }

  @MainActor func testALentFaceIsWipedAndIsNotBlank() async throws {
    let house = try await House.ready()
    let (payment, entry) = try await house.entering()
    let keypad = try entry.open(.desktop, facePx: 48)
    for key in keypad.keys {
      let ink = try keypad.withFace(of: key) { alpha in
        XCTAssertEqual(alpha.count, key.width * key.height)
        return alpha.reduce(0) { $0 + Int($1) }
      }
      XCTAssertGreaterThan(ink, 0)
    }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 48 * 48, alignment: 1)
    defer { memory.deallocate() }
    try keypad.draw(keypad.keys[0], into: memory)
    wipe(memory)
    XCTAssertTrue(memory.allSatisfy { $0 == 0 })
    try await payment.cancel()
  }

  func testSentencesAreInOneLanguageAndSayWhatHappenedToTheMoney() {
    let whys: [Why] = [
      .linkNotGenuine, .linkExpired, .otherWallet, .notActivated, .noConnection, .answerNotGenuine, .olderRules,
      .notAllowed, .suite, .tookTooLong, .wrongPassword, .locked, .alreadyPaid, .orderClosed, .voided,
      .passwordState, .biometricLost, .biometric, .refused(code: "5G-3004"), .refused(code: ""),
    ]
    for why in whys {
      XCTAssertTrue(Words(.chinese).what(why).hasSuffix("扣款"), "\(why)")
      let english = Words(.english).what(why)
      XCTAssertTrue(english.contains("nothing was charged"), english)
      XCTAssertTrue(english.allSatisfy(\.isASCII), english)
    }
    for (errand, chinese, english) in [
      (Words.Errand.password, "设置", "no password was set"), (.biometric, "开通", "nothing was changed"),
      (.activation, "激活", "it was not activated"),
    ] {
      for why in [Why.noConnection, .answerNotGenuine, .notAllowed, .tookTooLong, .locked, .refused(code: "")] {
        let sentence = Words(.chinese).what(why, of: errand)
        XCTAssertTrue(sentence.hasSuffix("，未\(chinese)"), sentence)
        XCTAssertTrue(Words(.english).what(why, of: errand).hasSuffix("; \(english)"), "\(why)")
      }
      let elsewhere = Reason(todo: .otherWay, why: .notAllowed, triesLeft: nil, receipt: nil)
      XCTAssertFalse(Words(.chinese).todo(elsewhere, of: errand).contains("付款"), "\(errand)")
      XCTAssertFalse(Words(.english).todo(elsewhere, of: errand).contains("pay"), "\(errand)")
    }
    let set = Words(.chinese).end(
      .notSet(reason: Reason(todo: .tryAgain, why: .noConnection, triesLeft: nil, receipt: nil)), institution: "A")
    XCTAssertEqual(set.headline, "无法连接支付机构，未设置")
    XCTAssertEqual(Words(preferred: ["zh-Hant-HK"]).pay(yuan: "128.50"), "支付 ¥128.50")
    XCTAssertEqual(Words(preferred: ["en-GB", "zh"]).pay(yuan: "128.50"), "Pay ¥128.50")
    let wrong = Reason(todo: .tryAgain, why: .wrongPassword, triesLeft: 1, receipt: nil)
    XCTAssertEqual(Words(.english).todo(wrong), "1 try left")
    XCTAssertEqual(Words(.chinese).headline(.unresolved(institution: "A", payOrderNo: "P")), "结果确认中，请勿重复付款")
  }
}
